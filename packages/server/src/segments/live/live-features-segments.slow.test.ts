import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LeafSet } from '../../features/index.ts'
import { LiveFeatures } from '../../features/live/live-features.ts'
import { MemoryReader } from '../../features/live/memory-reader.ts'
import { compileSegments } from './compile.ts'
import { LiveSegments } from './live-segments.ts'
import type { Movement } from './movement.ts'
import { type RandomWorld, randomWorld } from './random-world.contract.ts'
import { ReferenceValues } from './reference-values.contract.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

test('segments over the live engine move as they do over the reference interpreter', async () => {
  let movements = 0
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const random = randomWorld(seed)
      const expected = lasting(byReference(random))
      movements += expected.length
      expect(lasting(await byEngine(random))).toEqual(expected)
    }),
    // With days since an event divided by themselves: missing in its millisecond, and still from then on.
    { numRuns: 300, examples: [[3_587_798_300]] },
  )
  expect(movements).toBeGreaterThan(1000)
})

/** Says of one leaf fewer than facts touched that it was. */
class ForgetfulFeatures extends LiveFeatures {
  private readonly known = new Map<LeafSet, LeafSet>()

  override touchedOf(customerId: string): LeafSet {
    const whole = super.touchedOf(customerId)
    if (!this.known.has(whole)) this.known.set(whole, { leaves: whole.leaves.slice(1) })
    return this.known.get(whole)!
  }
}

test('a leaf that is forgotten among those that facts touched is seen', async () => {
  let seen = 0
  for (let seed = 0; seed < 60 && seen === 0; seed += 1) {
    const random = randomWorld(seed)
    const got = lasting(await byEngine(random, ForgetfulFeatures))
    if (JSON.stringify(got) !== JSON.stringify(lasting(byReference(random)))) seen += 1
  }
  expect(seen).toBe(1)
})

function byReference(random: RandomWorld): readonly Movement[] {
  const compiled = compileSegments(random)
  const values = new ReferenceValues(compiled.plan, random.timezone)
  const live = new LiveSegments({ compiled, values, lists: random.lists })
  const told = random.steps.flatMap((step) => live.take([step.customer], step.at, () => values.take(step)))
  return [...told, ...live.passTo(random.end + 1)]
}

async function byEngine(random: RandomWorld, Engine = LiveFeatures): Promise<readonly Movement[]> {
  const compiled = compileSegments(random)
  const reader = new MemoryReader(compiled.plan, random.timezone)
  const values = new Engine(compiled.plan, random.timezone, reader)
  const live = new LiveSegments({ compiled, values, lists: random.lists })
  const told: Movement[] = []
  for (const [position, step] of random.steps.entries()) {
    const { customer, at, facts, traits, scores } = step
    const apply = (): void => {
      if (facts.length > 0) values.take({ facts, position }, at)
      if (traits.length > 0) values.setTraits(traits, at)
      if (scores.length > 0) values.setScores(scores, at)
    }
    told.push(...live.take([customer], at, apply))
    const before = random.steps.slice(0, position + 1)
    reader.hold(
      {
        facts: before.flatMap((one) => one.facts),
        traits: before.flatMap((one) => one.traits),
        scores: before.flatMap((one) => one.scores),
      },
      position,
    )
    // Whoever must be rebuilt is, in the same millisecond.
    while (values.behind > 0) {
      const changed = await values.work(at)
      told.push(
        ...live.take(
          changed.map(({ key }) => key[0]!),
          at,
          () => {},
        ),
      )
    }
  }
  return [...told, ...live.passTo(random.end + 1)]
}

/** What is left of a millisecond, whatever went on inside of it; in order. */
function lasting(told: readonly Movement[]): readonly string[] {
  const last = new Map<string, Movement[]>()
  for (const movement of told) {
    const key = `${movement.segment} ${movement.customer} ${movement.at}`
    last.set(key, [...(last.get(key) ?? []), movement])
  }
  // Movements take turns, so that an even number of them leaves things as they were.
  const odd = [...last.values()].filter((movements) => movements.length % 2 === 1).map((movements) => movements.at(-1)!)
  return odd.map(({ segment, customer, at, isEntry }) => `${at} ${segment} ${customer} ${isEntry}`).sort()
}
