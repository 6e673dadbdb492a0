import type { FeatureDefinition } from '@rapport/protocol'
import { PlacedError, RapportError } from '../../base/index.ts'
import { type DefinitionProblem, featuresLedTo, nameIn, planFeatures, problemOf } from '../../features/index.ts'
import { type LiveModels, noFamilies, segmentsOfModels } from '../placed/read-live-models.ts'
import { compileSegments, definitionOfTest, type PlacedTest, testsOf } from './compile.ts'
import { countError } from './count-error.ts'
import { type NamableSegments, nameErrors } from './named-segments.ts'
import { planTest } from './plan-test.ts'
import { readSegmentDefinition, type SegmentDefinition, segmentDefinitionErrors } from './segment-definition.ts'
import { segmentsInOrder } from './segments-in-order.ts'

/** What segments may name. */
export interface SegmentSurroundings {
  /** Declared already; documents of the same ids take their places. */
  readonly segments: readonly SegmentDefinition[]
  readonly features: readonly FeatureDefinition[]
  /** Families of segments. Default none. */
  readonly families?: LiveModels
}

/** Everything that keeps segments from being declared together, beside those that there are; nothing is changed. */
export function checkSegments(
  documents: readonly unknown[],
  { segments, features, families = noFamilies }: SegmentSurroundings,
): readonly DefinitionProblem[] {
  const problems: DefinitionProblem[] = []
  const wanted: { readonly index: number; readonly definition: SegmentDefinition }[] = []
  for (const [index, document] of documents.entries()) {
    const errors = segmentDefinitionErrors(document)
    for (const error of errors) problems.push(problemOf(error, index, nameIn(document, 'id')))
    if (errors.length === 0) wanted.push({ index, definition: readSegmentDefinition(document) })
  }
  const meant = new Set(documents.map((document) => nameIn(document, 'id')))
  const others = segments.filter(({ id }) => !meant.has(id))
  // Who is named and could not be read is known all the same: what is wrong with them is said once.
  const named = [...meant].filter((id) => id !== null)
  const ids = new Set([...named, ...others.map(({ id }) => id), ...segmentsOfModels(families)])
  const namable = { ids, byAnalyses: families.byAnalyses }
  for (const { index, definition } of wanted)
    for (const error of ruleErrors(definition, namable, features)) problems.push(problemOf(error, index, definition.id))
  if (problems.length > 0) return problems
  // What is wrong between them, and between them and what there is.
  try {
    const all = [...others, ...wanted.map(({ definition }) => definition)]
    segmentsInOrder(all)
    compileSegments({ segments: all, features, timezone: 'UTC' })
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    const placed = error instanceof PlacedError ? error : new PlacedError(error.code, error.message, '')
    const at = wanted.findIndex(({ definition }) => error.message.startsWith(`${definition.id}/`))
    problems.push(problemOf(placed, Math.max(0, at), at < 0 ? null : wanted[at]!.definition.id))
  }
  return problems
}

/** What is wrong with each test of a rule, and with the segments that it names. */
function ruleErrors(
  definition: SegmentDefinition,
  namable: NamableSegments,
  features: readonly FeatureDefinition[],
): readonly PlacedError[] {
  const { id, rule } = definition
  if (rule === null) return []
  const errors = [...nameErrors(definition, namable)]
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  for (const placed of testsOf(rule, `${id}/rule`)) {
    const count = countError(placed)
    if (count !== undefined) errors.push(count)
    try {
      const [planned] = planFeatures([definitionOfTest(placed), ...namedBy(placed, byName)]).features
      planTest(placed, planned!, byName)
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error
      errors.push(error)
    }
  }
  return errors
}

/** The features that a test leads to: to plan all of them for each test would take long. */
function namedBy({ test }: PlacedTest, byName: ReadonlyMap<string, FeatureDefinition>): readonly FeatureDefinition[] {
  if (!('feature' in test)) return []
  return featuresLedTo(typeof test.feature === 'string' ? { feature: test.feature } : test.feature, byName)
}
