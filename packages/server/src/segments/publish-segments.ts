import type { Instant, Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export type SegmentFamily = 'rfm' | 'discovered' | 'rule'

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
  family: SegmentFamily,
  asOf: Instant,
  segments: readonly FilledSegment[],
  work?: Work,
): Promise<void> {
  await warehouse.run(query('forget_members'), { family })
  await warehouse.run(query('forget_segments'), { family })
  for (const { id, name, definition, modelId, customerIds, distances } of segments) {
    await warehouse.run(query('add_segment'), {
      id,
      family,
      name,
      definition: JSON.stringify(definition),
      model_id: modelId ?? null,
      as_of: { instant: asOf },
      customers: customerIds.length,
    })
    if (customerIds.length === 0) continue
    await warehouse.stage(
      table,
      {
        segment_id: customerIds.map(() => id),
        customer_id: customerIds,
        distance: distances ?? new Float64Array(customerIds.length).fill(Number.NaN),
      },
      work,
    )
    await warehouse.run(query('add_members').replace('{table}', table))
    await warehouse.run(`drop table ${table}`)
  }
}
