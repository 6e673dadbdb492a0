import type { FeatureDefinition } from '@rapport/protocol'
import { PlacedError, RapportError } from '../../base/index.ts'
import {
  type DefinitionProblem,
  featuresLedTo,
  nameIn,
  planErrors,
  planFeatures,
  problemOf,
} from '../../features/index.ts'
import type { LiveTest } from '../../rules/index.ts'
import { type LiveModels, noFamilies, segmentsOfModels } from '../placed/read-live-models.ts'
import { circleErrors } from './circle-errors.ts'
import { compileSegments, definitionOfTest, type PlacedTest } from './compile.ts'
import { countError } from './count-error.ts'
import { type NamableSegments, namedErrors } from './named-segments.ts'
import { planTest } from './plan-test.ts'
import { readSegmentDefinition, type SegmentDefinition, segmentDefinitionParts } from './segment-definition.ts'
import { namesIn, type SegmentName } from './segments-in-order.ts'

/** What segments may name. */
export interface SegmentSurroundings {
  /** Declared already; documents of the same ids take their places. */
  readonly segments: readonly SegmentDefinition[]
  readonly features: readonly FeatureDefinition[]
  /** Families of segments. Default none. */
  readonly families?: LiveModels
}

/** What could be read of a document. */
interface ReadDocument {
  readonly document: unknown
  /** What it calls itself; null where that cannot be read. */
  readonly name: string | null
  /** What is wrong with its shape. */
  readonly errors: readonly PlacedError[]
  readonly tests: readonly PlacedTest[]
  readonly named: readonly SegmentName[]
}

/**
 * Everything that keeps segments from being declared together, beside those that there are; nothing is changed. What can be read
 * is looked at, whatever is wrong beside it.
 *
 * @returns in the order of the documents; of each what is wrong with its shape, then with names and types
 */
export function checkSegments(
  documents: readonly unknown[],
  { segments, features, families = noFamilies }: SegmentSurroundings,
): readonly DefinitionProblem[] {
  const read = documents.map(readDocument)
  const meant = new Set(read.flatMap(({ name }) => name ?? []))
  const others = segments.filter(({ id }) => !meant.has(id))
  // Who is named and could not be read is known all the same: what is wrong with them is said once.
  const ids = new Set([...meant, ...others.map(({ id }) => id), ...segmentsOfModels(families)])
  const namable = { ids, byAnalyses: families.byAnalyses }
  const circles = circleErrors(
    read.map(({ name, named }) => ({ id: name ?? '', named })),
    new Map(others.map(({ id, rule }) => [id, rule === null ? [] : namesIn(rule, '/rule')])),
  )
  const problems = read.flatMap((one, index) => {
    const errors = [...one.errors, ...ruleErrors(one, namable, features), ...circles[index]!]
    return errors.map((error) => problemOf(error, index, one.name))
  })
  if (problems.length > 0) return problems
  // Whatever else is wrong between them and what there is.
  try {
    const wanted = documents.map(readSegmentDefinition)
    compileSegments({ segments: [...others, ...wanted], features, timezone: 'UTC' })
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    const placed = error instanceof PlacedError ? error : new PlacedError(error.code, error.message, '')
    const at = read.findIndex(({ name }) => error.message.startsWith(`${name}/`))
    return [problemOf(placed, Math.max(0, at), at < 0 ? null : read[at]!.name)]
  }
  return []
}

function readDocument(document: unknown, index: number, documents: readonly unknown[]): ReadDocument {
  const { errors, tests } = segmentDefinitionParts(document)
  const name = nameIn(document, 'id')
  const isSecond = name !== null && documents.slice(0, index).some((other) => nameIn(other, 'id') === name)
  const twice = new PlacedError('segments.definition', `${name}/id must be of one definition, got two`, '/id')
  // A place begins with the name up to the first slash.
  const place = name?.includes('/') ? '' : (name ?? '')
  return {
    ...{ document, name, errors: isSecond ? [...errors, twice] : errors },
    tests: tests.flatMap(({ test, pointer }) => (isOfSegment(test) ? [] : { test, place: place + pointer })),
    named: tests.flatMap(({ test, pointer }) =>
      isOfSegment(test) ? { id: test.segment, pointer: `${pointer}/segment` } : [],
    ),
  }
}

const isOfSegment = (test: LiveTest): test is Extract<LiveTest, { readonly segment: string }> => 'segment' in test

/** What is wrong with each test of a rule, and with the segments that it names. */
function ruleErrors(
  { name, tests, named }: ReadDocument,
  namable: NamableSegments,
  features: readonly FeatureDefinition[],
): readonly PlacedError[] {
  const errors = [...namedErrors(name ?? '', named, namable)]
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  for (const placed of tests) {
    const count = countError(placed)
    if (count !== undefined) errors.push(count)
    errors.push(...testErrors(placed, byName))
  }
  return errors
}

function testErrors(placed: PlacedTest, byName: ReadonlyMap<string, FeatureDefinition>): readonly PlacedError[] {
  try {
    const definition = definitionOfTest(placed)
    const wrong = planErrors(definition, byName)
    if (wrong.length > 0) return wrong
    const [planned] = planFeatures([definition, ...featuresLedTo(definition.value, byName)]).features
    planTest(placed, planned!, byName)
    return []
  } catch (error) {
    if (!(error instanceof PlacedError)) throw error
    return [error]
  }
}
