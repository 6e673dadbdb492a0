import { now } from '../../base/index.ts'
import {
  featureRevision,
  type LiveValues,
  servedModelRevision,
  servedModels,
  storeBasis,
  storedFeatures,
} from '../../features/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { placedSegments } from '../placed/placed-segments.ts'
import { inputDefinitions, PlacedValues } from '../placed/placed-values.ts'
import { type LiveModels, readLiveModels } from '../placed/read-live-models.ts'
import { compileSegments, type SegmentsToCompile } from './compile.ts'
import type { CompiledSegments } from './compiled.ts'
import { holdingOfNobody } from './holds-of-nobody.ts'
import { placesOfLeaves, RemappedLeaves } from './remapped-leaves.ts'
import { storedLists } from './stored-lists.ts'
import { segmentRevision, storedSegmentDefinitions } from './stored-segment-definitions.ts'

/** What a store has declared, as of one moment. */
export interface Declared {
  readonly compiled: CompiledSegments
  /** Ids on lists, by the list's id; of other segments nothing. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** Whether everybody who is known to the store may be in a segment, also those of whom features remember nothing. */
  readonly areAllMeant: boolean
  /** Families of segments, by whose models customers are placed as things happen. */
  readonly placed: LiveModels
  /** Another one whenever something was declared or removed, a list was given customers, or another model serves. */
  readonly revision: string
}

/** Features, segments and lists as they hold now. */
export async function readDeclared(warehouse: Warehouse, state: State): Promise<Declared> {
  const { timezone } = await storeBasis(warehouse, now())
  // Read first: what is declared meanwhile shows at the next look.
  const revision = await declaredRevision(warehouse, state)
  const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
  const { segments, placed } = await knownSegments(warehouse, state)
  const compiled = compileSegments({
    segments,
    byAnalyses: placed.byAnalyses,
    features: [...features, ...inputDefinitions(placed.models)],
    models: await servedModels(warehouse),
    timezone,
  })
  const areAllMeant = holdingOfNobody(compiled).length > 0
  return { compiled, areAllMeant, placed, lists: await storedLists(state.queries), revision }
}

/** Segments that rules may name: declared ones, and those of families. */
export async function knownSegments(
  warehouse: Warehouse,
  { queries }: State,
): Promise<{ readonly segments: SegmentsToCompile['segments']; readonly placed: LiveModels }> {
  const stored = await storedSegmentDefinitions(queries)
  const placed = await readLiveModels(warehouse)
  return { segments: [...stored, ...placedSegments(placed.models, new Set(stored.map(({ id }) => id)))], placed }
}

/** Cheap to ask for again and again. */
export const declaredRevision = async (warehouse: Warehouse, { queries }: State): Promise<string> =>
  `${await featureRevision(queries)} ${await segmentRevision(queries)} ${await servedModelRevision(warehouse)}`

/** The ids on each list; none on one that was given none. */
export const listsOf = ({ compiled, lists }: Declared): ReadonlyMap<string, readonly string[]> =>
  new Map(
    compiled.segments.flatMap(({ definition: { id }, root }) => (root === null ? [[id, lists.get(id) ?? []]] : [])),
  )

/** Values with those of the families' models beside them. */
export const placedOver = (values: LiveValues, { compiled, placed }: Declared): PlacedValues =>
  new PlacedValues(values, compiled.plan, placed.models)

/** The same of a feed that serves: it has every leaf that is asked for, maybe at another place, and maybe more. */
export function placedOverFeed(features: LiveValues, plan: CompiledSegments['plan'], declared: Declared): PlacedValues {
  const wanted = declared.compiled.plan
  const isSame = plan === wanted
  return placedOver(isSame ? features : new RemappedLeaves(features, placesOfLeaves(wanted, plan)!), declared)
}
