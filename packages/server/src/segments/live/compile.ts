import { createHash } from 'node:crypto'
import type { FeatureDefinition, FeatureExpression } from '@rapport/protocol'
import { type FeatureModels, type Plan, planFeatures } from '../../features/index.ts'
import type { LiveRule, LiveTest } from '../../rules/index.ts'
import type { ByAnalyses } from '../placed/live-model.ts'
import type { CompiledSegment, CompiledSegments, SegmentNode, SegmentTest } from './compiled.ts'
import { eventExpression } from './event-expression.ts'
import { groupOf } from './groups.ts'
import { whyGone } from './named-segments.ts'
import { leavesOfTests } from './next-change.ts'
import { planTest } from './plan-test.ts'
import type { SegmentDefinition } from './segment-definition.ts'
import { segmentsInOrder } from './segments-in-order.ts'

export interface SegmentsToCompile {
  /** Their versions as they are stored; default 1. */
  readonly segments: readonly (SegmentDefinition & { readonly version?: number })[]
  /** The features that rules may name. */
  readonly features: readonly FeatureDefinition[]
  /** Those that serve, which features are made of. Default none: what they say is missing. */
  readonly models?: FeatureModels
  /** Families whose segments are not live, which is said where a rule names one of them. Default none. */
  readonly byAnalyses?: readonly ByAnalyses[]
  /** IANA name of the store's time zone. */
  readonly timezone: string
}

/** A test of a rule and where it stands. */
export interface PlacedTest {
  readonly test: Exclude<LiveTest, { readonly segment: string }>
  /** `rule.lapsing/rule/all/0` */
  readonly place: string
}

/**
 * Checks segments together and plans what must be known of customers to tell who is in them; the defined features are in
 * the plan first, in their order. A segment that a rule names and that is not among these was known when the rule was
 * declared (`nameErrors`) and is no more: it holds for nobody.
 *
 * @throws RapportError `segments.rule` with the segment and a JSON pointer to what is wrong, for segments that lead back to
 * themselves too; `features.*` for what is wrong in a feature, or in an expression of one
 */
export function compileSegments({
  segments,
  features,
  models,
  byAnalyses = [],
  timezone,
}: SegmentsToCompile): CompiledSegments {
  const ordered = segmentsInOrder(segments)
  const placed = ordered.flatMap(({ id, rule }) => (rule === null ? [] : testsOf(rule, `${id}/rule`)))
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  const plan = planFeatures([...features, ...placed.map(definitionOfTest)], models)
  const planned = new Map(plan.features.map((feature) => [feature.name, feature]))
  const tests: SegmentTest[] = []
  const places = new Map<string, number>()
  const forms = new Map<string, number>()
  for (const one of placed) {
    const test = planTest(one, planned.get(one.place)!, byName)
    const form = JSON.stringify(test)
    if (!forms.has(form)) forms.set(form, tests.push(test) - 1)
    places.set(one.place, forms.get(form)!)
  }
  const versions = new Map(segments.map(({ id, version }) => [id, version]))
  const compiled: CompiledSegment[] = []
  const byId = new Map<string, number>()
  for (const definition of ordered) {
    const { id, rule } = definition
    const root = rule === null ? null : nodeOf(rule, `${id}/rule`, '/rule', { places, byId, byAnalyses })
    const decides = root === null ? ['list', id] : formOf(root, plan, tests, compiled, timezone)
    const form = createHash('sha256').update(JSON.stringify(decides)).digest('base64url')
    byId.set(id, compiled.push({ definition, version: versions.get(id) ?? 1, root, form }) - 1)
  }
  return { plan, tests, segments: compiled, timezone }
}

/** The leaves of the plan that segments rest on, by their places. */
export const leavesOfSegments = ({ tests }: CompiledSegments): readonly number[] => leavesOfTests(tests)

/** The tests of a rule, each with where it stands. */
export function testsOf(rule: LiveRule, place: string): readonly PlacedTest[] {
  if ('segment' in rule) return []
  const group = groupOf(rule)
  if (group === null) return [{ test: rule as PlacedTest['test'], place }]
  return group.parts.flatMap((part, at) => testsOf(part, `${place}/${group.kind}/${at}`))
}

/** What must be known of a customer for a test, as a feature. */
export function definitionOfTest({ test, place }: PlacedTest): FeatureDefinition & { readonly pointer: string } {
  const at = { name: place, label: place, entity: 'customer' } as const
  const value = expressionOf(test, place)
  return { ...at, value, pointer: 'feature' in test && typeof test.feature !== 'string' ? '/feature' : '' }
}

function expressionOf(test: PlacedTest['test'], place: string): FeatureExpression {
  if ('feature' in test) return typeof test.feature === 'string' ? { feature: test.feature } : test.feature
  if ('score' in test) return { score: test.score }
  if ('event' in test) return eventExpression(test, place)
  if ('age' in test) return { trait: test.age, as: 'text' }
  if ('anniversary' in test) return { trait: test.anniversary, as: 'text' }
  const [first] = [test.value].flat()
  return { trait: test.trait, as: typeof first === 'number' ? 'number' : 'text' }
}

function nodeOf(
  rule: LiveRule,
  place: string,
  pointer: string,
  known: {
    readonly places: ReadonlyMap<string, number>
    readonly byId: ReadonlyMap<string, number>
    readonly byAnalyses: readonly ByAnalyses[]
  },
): SegmentNode {
  if ('segment' in rule) {
    const segment = known.byId.get(rule.segment)
    if (segment !== undefined) return { kind: 'segment', pointer, segment }
    return { kind: 'gone', pointer, words: `${rule.segment}, ${whyGone(rule.segment, known.byAnalyses)}` }
  }
  const group = groupOf(rule)
  if (group === null) return { kind: 'test', pointer, test: known.places.get(place)! }
  const parts = group.parts.map((part, at) =>
    nodeOf(part, `${place}/${group.kind}/${at}`, `${pointer}/${group.kind}/${at}`, known),
  )
  return { kind: group.kind, pointer, parts }
}

/** A rule written out down to its leaves: what decides, without what is only said. */
function formOf(
  node: SegmentNode,
  plan: Plan,
  tests: readonly SegmentTest[],
  segments: readonly CompiledSegment[],
  timezone: string,
): unknown {
  if (node.kind === 'segment') return ['segment', segments[node.segment]!.form]
  // Of whatever name: it holds for nobody.
  if (node.kind === 'gone') return ['gone']
  if (node.kind !== 'test')
    return [node.kind, ...node.parts.map((part) => formOf(part, plan, tests, segments, timezone))]
  const { words: _, subject: __, ...test } = tests[node.test]!
  if (test.kind !== 'compare') return [{ ...test, leaf: plan.leaves[test.leaf] }, timezone]
  const { tree, unit: ___, ...comparison } = test
  const spelled = JSON.stringify(tree, (key, value) =>
    key === 'leaf' && typeof value === 'number' ? plan.leaves[value] : value,
  )
  return [comparison, spelled, spelled.includes('"kind":"calendar"') ? timezone : null]
}
