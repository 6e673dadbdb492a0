import { elapsedMs, type Instant, inTurns, now, servingMs, type Work } from '../../base/index.ts'
import { storeBasis, storedFeatures } from '../../features/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { compileSegments, leavesOfSegments } from '../live/compile.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import { Evaluation, type ListMembers } from '../live/evaluation.ts'
import { readSegmentDefinition, type SegmentDefinition } from '../live/segment-definition.ts'
import { segmentsNamed } from '../live/segments-in-order.ts'
import { listMembers } from '../live/stored-lists.ts'
import { storedSegmentDefinitions } from '../live/stored-segment-definitions.ts'
import { type Reason, reasonsOf } from './reasons.ts'
import { WarehouseValues } from './warehouse-values.ts'

/** Who would be in a segment that nobody declared. */
export interface Preview {
  readonly asOf: Instant
  readonly customers: number
  /** Of how many anything is known that its rule asks for. */
  readonly of: number
  readonly sample: readonly { readonly customerId: string; readonly reasons: readonly Reason[] }[]
  readonly elapsedMs: number
}

export interface PreviewStores {
  readonly warehouse: Warehouse
  readonly state: State
}

const previewed = 'rule.preview'

/**
 * Who is in a segment by a rule now, without declaring it: computed by the warehouse as of now, in one pass over the log, and
 * evaluated as the live copy would.
 *
 * @param rule a rule of live segments; it may name what is declared
 * @param sample how many of them are named, with the reasons, those with the smallest ids
 * @throws RapportError `segments.rule`, `features.*` with a JSON pointer into `{ rule }`
 */
export async function previewSegment(
  { warehouse, state }: PreviewStores,
  rule: unknown,
  sample: number,
  work?: Work,
): Promise<Preview> {
  const began = elapsedMs()
  const asOf = now()
  const wanted = readSegmentDefinition({ id: previewed, name: 'Preview', words: 'preview', rule })
  const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
  const { timezone } = await storeBasis(warehouse, asOf)
  const around = segmentsNamed(wanted, await storedSegmentDefinitions(state.queries))
  const compiled = compileSegments({ segments: [...around, wanted], features, timezone })
  const lists = await listMembers(state.queries, around)
  const values = await WarehouseValues.read(
    warehouse,
    compiled.plan,
    { leaves: leavesOfSegments(compiled), asOf },
    work,
  )
  const found = await inTurns(evaluated(compiled, values, lists, asOf), servingMs)
  const shown = found.sort().slice(0, sample)
  const place = placeOf(compiled, wanted)
  const reasons = shown.map((customerId) => {
    const evaluation = new Evaluation(compiled, values, lists, customerId, asOf)
    return { customerId, reasons: reasonsOf(evaluation, compiled.segments[place]!.root) }
  })
  return { asOf, customers: found.length, of: values.customers.length, sample: reasons, elapsedMs: elapsedMs() - began }
}

const placeOf = ({ segments }: CompiledSegments, { id }: SegmentDefinition): number =>
  segments.findIndex(({ definition }) => definition.id === id)

function* evaluated(
  compiled: CompiledSegments,
  values: WarehouseValues,
  lists: ListMembers,
  asOf: Instant,
): Generator<void, string[]> {
  const place = compiled.segments.findIndex(({ definition }) => definition.id === previewed)
  const found: string[] = []
  for (const [row, customer] of values.customers.entries()) {
    values.goTo(row)
    if (new Evaluation(compiled, values, lists, customer, asOf).isMember(place)) found.push(customer)
    if (row % 100 === 99) yield
  }
  return found
}
