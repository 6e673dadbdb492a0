import { seededRandom } from '@rapport/numerics'
import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { type EntityKey, entityKeyOf, type FeatureValue } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import type { Coverage } from './coverage.contract.ts'
import { type Execution, featuresOf } from './execution.contract.ts'
import { agrees, ExpectedValues } from './expected-values.contract.ts'
import { randomDefinitions, randomModels } from './random-definitions.contract.ts'
import { randomStory, type StorySize } from './random-story.contract.ts'
import type { Story } from './story.contract.ts'
import { entityKinds, World } from './world.contract.ts'

/** Definitions and a story to run them over. */
export interface Trial {
  readonly turn: number
  readonly plan: Plan
  readonly story: Story
}

export interface TrialSize extends StorySize {
  readonly definitions: number
}

/** The trial of a seed. @param turn which one of its kind: combinations, zones and seasons go round */
export function trialOf(seed: number, turn: number, size: TrialSize): Trial {
  const random = seededRandom(seed).fork(turn)
  const definitions = randomDefinitions(random.fork(1), size.definitions, turn * size.definitions)
  return {
    turn,
    plan: planFeatures(definitions, randomModels(random.fork(3))),
    story: randomStory(random.fork(2), turn, size),
  }
}

export interface Disagreement {
  readonly execution: string
  readonly feature: string
  readonly key: EntityKey
  readonly asOf: Instant
  readonly expected: FeatureValue
  readonly got: FeatureValue | undefined
}

/** Says when everybody may be asked: an execution that has work to do first may need some time. */
type Settle = (now: Instant) => Promise<Instant>

/**
 * Tells executions a story and holds each of them against the reference at every check.
 *
 * @param most stops when so many disagreements were found
 */
export async function disagreements(
  { turn, plan, story }: Trial,
  executions: readonly (Execution & { readonly settle?: Settle })[],
  { coverage, most = 1 }: { readonly coverage?: Coverage; readonly most?: number } = {},
): Promise<readonly Disagreement[]> {
  const world = new World(story.timezone)
  const found: Disagreement[] = []
  try {
    for (const step of story.steps) {
      world.apply(step)
      for (const execution of executions) await execution.apply(step, world)
      if (step.kind !== 'check') continue
      let asOf = step.now
      for (const execution of executions) asOf = (await execution.settle?.(asOf)) ?? asOf
      found.push(...(await compare(plan, world, executions, asOf)))
      if (step === story.steps.at(-1)) found.push(...(await comparePast(plan, world, executions, asOf)))
      coverage?.count(turn, plan, world)
      if (found.length >= most) break
    }
  } finally {
    for (const execution of executions) await execution.end()
  }
  return found
}

async function compare(
  plan: Plan,
  world: World,
  executions: readonly Execution[],
  asOf: Instant,
): Promise<readonly Disagreement[]> {
  const expected = new ExpectedValues(plan, world.history())
  const found: Disagreement[] = []
  const said = []
  for (const execution of executions) said.push({ execution: execution.name, values: await execution.values(asOf) })
  for (const [entity, key] of entitiesOf(plan, world)) {
    const features = featuresOf(plan, entity)
    const wanted = expected.of(entity, key, asOf)
    for (const { execution, values } of said) {
      const got = values(entity, key)
      // SQL has no row of whom nothing is known yet.
      if (got.length === 0 && !isKnown(world, entity, key, asOf)) continue
      for (const [at, { name }] of features.entries())
        if (!agrees(wanted[at]!, got[at] as FeatureValue))
          found.push({ execution, feature: name, key, asOf, expected: wanted[at]!.value, got: got[at] })
    }
  }
  return found
}

/** As many moments are looked back to for the entities of a kind. */
const pastMax = 80

/** Moments at which facts happened and came, and just before, of everybody in turn. */
async function comparePast(
  plan: Plan,
  world: World,
  executions: readonly Execution[],
  now: Instant,
): Promise<readonly Disagreement[]> {
  const expected = new ExpectedValues(plan, world.history())
  const found: Disagreement[] = []
  const moments = world.raw
    .flatMap(({ at, receivedAt }) => [at, at - 1, receivedAt, receivedAt + 86_400_000])
    .filter((at) => at <= now)
  const all = entitiesOf(plan, world)
  for (const kind of entityKinds) {
    const own = all.filter(([entity]) => entity === kind)
    const wanted = Array.from({ length: own.length === 0 ? 0 : pastMax }, (_, at) => ({
      key: own[at % own.length]![1],
      asOf: moments[(at * 7919) % moments.length]!,
    }))
    const features = featuresOf(plan, kind)
    if (wanted.length === 0 || features.length === 0) continue
    for (const { name, past } of executions.map((one) => ({ name: one.name, past: one.past?.bind(one) }))) {
      if (past === undefined) continue
      for (const [row, got] of (await past(kind, wanted)).entries()) {
        const { key, asOf } = wanted[row]!
        const should = expected.of(kind, key, asOf)
        for (const [at, { name: feature }] of features.entries())
          if (!agrees(should[at]!, got[at] as FeatureValue))
            found.push({ execution: `${name}, past`, feature, key, asOf, expected: should[at]!.value, got: got[at] })
      }
    }
  }
  return found
}

function isKnown(world: World, entity: FeatureEntity, key: EntityKey, asOf: Instant): boolean {
  return world.raw.some((raw) => {
    const own = entityKeyOf(entity, world.factOf(raw))
    return raw.at <= asOf && raw.receivedAt <= asOf && (own?.every((part, at) => part === key[at]) ?? false)
  })
}

/** Everybody with facts, and one with none. */
function entitiesOf(plan: Plan, world: World): readonly (readonly [FeatureEntity, EntityKey])[] {
  const found = new Map<string, readonly [FeatureEntity, EntityKey]>()
  const asked = entityKinds.filter((entity) => featuresOf(plan, entity).length > 0)
  for (const raw of world.raw)
    for (const entity of asked) {
      const key = entityKeyOf(entity, world.factOf(raw))
      if (key !== null) found.set(JSON.stringify([entity, key]), [entity, key])
    }
  return [...found.values(), ['customer', ['nobody']]]
}
