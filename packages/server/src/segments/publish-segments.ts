import type { Instant, Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** A segment with everybody in it, as it goes into the store. */
export interface FilledSegment {
  readonly id: string
  readonly name: string
  /** Plain JSON: what decides who is in it. */
  readonly definition: unknown
  readonly modelId?: string
  readonly customerIds: readonly string[]
  /** `[customerIds]` distance to the segment's centre, for discovered ones. */
  readonly distances?: Float64Array
}

const table = 'filled_segments'

/** Replaces every segment of a family; call it inside a transaction, so that an abort leaves the old ones. */
export async function publishSegments(
  warehouse: Warehouse,
  family: string,
  asOf: Instant,
  segments: readonly FilledSegment[],
  work?: Work,
): Promise<void> {
  await warehouse.run(query('forget_members'), { family })
  await warehouse.run(query('forget_probabilities'), { family })
  await warehouse.run(query('forget_segments'), { family })
  if (segments.length === 0) return
  await warehouse.run(query('add_segments'), {
    family,
    as_of: { instant: asOf },
    segments: JSON.stringify(
      segments.map(({ id, name, definition, modelId, customerIds }) => ({
        id,
        name,
        definition: JSON.stringify(definition),
        model_id: modelId ?? null,
        customers: customerIds.length,
      })),
    ),
  })
  const customerIds = segments.flatMap((segment) => segment.customerIds)
  if (customerIds.length === 0) return
  // All members at once: a staged table for each of twenty segments takes longer than everything else here.
  await warehouse.stage(
    table,
    {
      position: Int32Array.from(segments.flatMap((segment, at) => segment.customerIds.map(() => at))),
      customer_id: customerIds,
      distance: Float64Array.from(segments.flatMap(distancesOf)),
    },
    work,
  )
  await warehouse.run(query('add_members').replace('{table}', table), {
    ids: JSON.stringify(segments.map(({ id }) => id)),
  })
  await warehouse.run(`drop table ${table}`)
}

const distancesOf = ({ customerIds, distances }: FilledSegment): readonly number[] =>
  Array.from(customerIds, (_, at) => distances?.[at] ?? Number.NaN)
