import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Instant } from '../../base/index.ts'
import { compileSegments } from './compile.ts'
import { LiveSegments } from './live-segments.ts'
import type { Movement } from './movement.ts'
import { begin, type RandomWorld, randomWorld, type Step } from './random-world.contract.ts'
import { isMemberByReference, type World } from './reference-membership.contract.ts'
import { ReferenceValues } from './reference-values.contract.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

const worldOf = ({ segments, features, lists, steps, timezone }: RandomWorld): World => ({
  ...{ segments, features, lists },
  history: {
    facts: steps.flatMap(({ facts }) => facts),
    traits: steps.flatMap(({ traits }) => traits),
    scores: steps.flatMap(({ scores }) => scores),
    timezone,
  },
})

function start({ segments, features, lists, timezone }: RandomWorld) {
  const compiled = compileSegments({ segments, features, timezone })
  const values = new ReferenceValues(compiled.plan, timezone)
  return { compiled, values, live: new LiveSegments({ compiled, values, lists }) }
}

/** Takes in every step, time passing now and then in between. */
function run(random: RandomWorld, seed: number): { readonly live: LiveSegments; readonly told: readonly Movement[] } {
  const { live, values } = start(random)
  const clock = seededRandom(seed)
  const told: Movement[] = []
  for (const step of random.steps) {
    if (clock.uniform() < 0.3) told.push(...live.passTo(step.at - clock.integer(5)))
    told.push(...live.take([step.customer], step.at, () => values.take(step)))
  }
  told.push(...live.passTo(random.end + 1))
  return { live, told }
}

/** When each customer is first known. */
const knownSince = ({ steps }: RandomWorld): ReadonlyMap<string, Instant> =>
  new Map([...steps].reverse().map(({ customer, at }) => [customer, at]))

test('membership and every moment of entry and exit are those of the reference interpreter', () => {
  let movements = 0
  const causes = new Map<string, number>()
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = randomWorld(seed)
      const world = worldOf(random)
      const { live, told } = run(random, seed)
      movements += told.length
      for (const { reason } of told) causes.set(reason.because, (causes.get(reason.because) ?? 0) + 1)
      const since = knownSince(random)
      for (const [customer, from] of since)
        for (const { id } of random.segments) {
          const own = told.filter((one) => one.segment === id && one.customer === customer)
          expect(live.isMember(id, customer)).toBe(isMemberByReference(world, id, customer, random.end))
          checkMoments(own, (at) => isMemberByReference(world, id, customer, at), from)
          checkBetween(own, (at) => isMemberByReference(world, id, customer, at), from, random, seed)
        }
    }),
    // Days since an event divided by themselves, missing in its millisecond; days since an event divided by a trend.
    { numRuns: 300, examples: [[3_587_798_300], [3_069_865_733]] },
  )
  console.log(`${movements} movements, ${[...causes].map(([cause, n]) => `${n} by ${cause}`).join(', ')}`)
  expect(movements).toBeGreaterThan(1000)
})

type Reference = (at: Instant) => boolean

/** Entries and exits take turns, and the reference changes in that very millisecond. */
function checkMoments(own: readonly Movement[], reference: Reference, from: Instant): void {
  own.forEach(({ at, isEntry, sequence }, place) => {
    expect(isEntry).toBe(place % 2 === 0)
    if (place > 0) expect(sequence).toBeGreaterThan(own[place - 1]!.sequence)
    // Several things may become known in one millisecond; the last word holds.
    if (own[place + 1]?.at === at) return
    expect(reference(at)).toBe(isEntry)
    if (at > from && own[place - 1]?.at !== at) expect(reference(at - 1)).toBe(!isEntry)
  })
}

/** Wherever the reference is another at two random moments, halving finds a moment that was told. */
function checkBetween(
  own: readonly Movement[],
  reference: Reference,
  from: Instant,
  { end }: RandomWorld,
  seed: number,
): void {
  const pick = seededRandom(seed)
  const told = (at: Instant): boolean => own.findLast((one) => one.at <= at)?.isEntry ?? false
  const moments = Array.from({ length: 8 }, () => from + Math.floor(pick.uniform() * (end - from))).sort(
    (a, b) => a - b,
  )
  for (const at of moments) expect(told(at)).toBe(reference(at))
  moments.slice(1).forEach((high, place) => {
    let [low, top] = [moments[place]!, high]
    if (reference(low) === reference(top)) return
    while (top - low > 1) {
      const middle = Math.floor((low + top) / 2)
      if (reference(middle) === reference(low)) low = middle
      else top = middle
    }
    expect(own.map(({ at }) => at)).toContain(top)
  })
}

test('a crash and a start from an older snapshot tell every movement exactly once', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = randomWorld(seed)
      const whole = run(random, seed).told
      const clock = seededRandom((seed + 1) % 2 ** 32)
      let { live, values, compiled } = start(random)
      const told: Movement[] = []
      let saved = { snapshot: live.snapshot(), step: 0, told: 0 }
      for (let at = 0; at < random.steps.length; at += 1) {
        const step = random.steps[at]!
        told.push(...live.take([step.customer], step.at, () => values.take(step)))
        const chance = clock.uniform()
        if (chance < 0.2)
          saved = { snapshot: JSON.parse(JSON.stringify(live.snapshot())), step: at + 1, told: told.length }
        else if (chance < 0.4) {
          // What was told last may not have reached anybody: then it must come again.
          told.length = Math.max(saved.told, told.length - clock.integer(3))
          values = new ReferenceValues(compiled.plan, random.timezone)
          for (const before of random.steps.slice(0, saved.step)) values.take(before)
          const since = told.slice(saved.told)
          live = new LiveSegments({ compiled, values, lists: random.lists }, { snapshot: saved.snapshot, told: since })
          for (const again of random.steps.slice(saved.step, at + 1))
            live.take([again.customer], again.at, () => values.take(again))
          told.push(...live.endReplay())
        }
      }
      told.push(...live.passTo(random.end + 1))
      expect(told).toEqual(whole)
      expect(begin).toBeLessThan(random.end)
    }),
    { numRuns: 100 },
  )
})

test('segments that are new or changed are filled while events go on, whatever is restarted', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = randomWorld(seed)
      const after = { ...random, segments: changedSegments(random, seed) }
      const clock = seededRandom(seed)
      const first = start(random)
      let { live, values } = first
      const second = compileSegments({ ...after, segments: after.segments.map((one) => ({ ...one, version: 2 })) })
      const told: Movement[] = []
      const turn = clock.integer(random.steps.length)
      let saved = { snapshot: live.snapshot(), step: 0, told: 0 }
      const taken = (steps: RandomWorld['steps']): ReferenceValues => {
        const fresh = new ReferenceValues(second.plan, random.timezone)
        for (const step of steps) fresh.take(step)
        return fresh
      }
      random.steps.forEach((step, at) => {
        if (clock.uniform() < 0.2)
          saved = { snapshot: JSON.parse(JSON.stringify(live.snapshot())), step: at, told: told.length }
        if (at === turn) {
          values = taken(random.steps.slice(0, at))
          told.push(...live.change(second, values, step.at))
        }
        told.push(...live.take([step.customer], step.at, () => values.take(step)))
        if (at >= turn && clock.uniform() < 0.3) told.push(...live.backfill(1))
        if (at >= turn && clock.uniform() < 0.2) {
          values = taken(random.steps.slice(0, saved.step))
          live = new LiveSegments(
            { compiled: second, values, lists: random.lists },
            { snapshot: saved.snapshot, told: told.slice(saved.told) },
          )
          // Some of it becomes known later than it did before the stop, as of a customer who is rebuilt.
          const late: Step[] = []
          for (const again of random.steps.slice(saved.step, at + 1))
            if (clock.uniform() < 0.2) late.push(again)
            else live.take([again.customer], again.at, () => values.take(again))
          for (const again of late) live.take([again.customer], step.at, () => values.take(again))
          told.push(...live.endReplay())
        }
      })
      while (live.backfilling.left > 0) told.push(...live.backfill(2))
      told.push(...live.passTo(random.end + 1))
      const world = worldOf(after)
      for (const customer of knownSince(random).keys())
        for (const id of new Set([...random.segments, ...after.segments].map((segment) => segment.id))) {
          const own = told.filter((one) => one.segment === id && one.customer === customer)
          own.forEach(({ isEntry }, place) => {
            expect(isEntry).toBe(place % 2 === 0)
          })
          const isThere = after.segments.some((segment) => segment.id === id)
          const isIn = isThere && isMemberByReference(world, id, customer, random.end)
          expect(own.at(-1)?.isEntry ?? false).toBe(isIn)
          if (isThere) expect(live.isMember(id, customer)).toBe(isIn)
        }
    }),
    { numRuns: 200 },
  )
})

/** One segment is gone, one means something else, one is new. */
function changedSegments({ segments }: RandomWorld, seed: number): RandomWorld['segments'] {
  const other = randomWorld((seed + 1) % 2 ** 32).segments.slice(1)
  const kept = segments.filter(({ id }) => id !== 'rule.r3')
  const replaced = kept.map((segment) => (segment.id === 'rule.r1' ? { ...other[0]!, id: 'rule.r1' } : segment))
  return [...replaced, { ...other[0]!, id: 'rule.new' }]
}
