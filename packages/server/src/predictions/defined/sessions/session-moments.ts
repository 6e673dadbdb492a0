import { matrix } from '@rapport/numerics'
import type { FeatureDefinition } from '@rapport/protocol'
import { type Instant, isoOf, type Work } from '../../../base/index.ts'
import { computeDefined, type Feature, planFeatures } from '../../../features/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import type { LabelledRows } from '../../customer-rows.ts'

const query = readQueries(new URL('./sessions.sql', import.meta.url))

/** Which sessions are looked at, and where in them. */
export interface WantedMoments {
  /** Sessions that are over by then; nothing later is known. */
  readonly asOf: Instant
  /** Sessions that began in [from, until). Default all. */
  readonly from?: Instant
  readonly until?: Instant
  readonly seed: number
  /** Events of the session by then, 1 the first; those who have fewer have no such moment. Default: the k-th event is drawn with the chance 1/k. */
  readonly places?: readonly number[]
  /** Moments at most, those of the latest sessions. */
  readonly most: number
}

/** Moments in sessions; each list `[n]`. */
export interface SessionMoments {
  readonly customerIds: readonly string[]
  readonly asOf: Float64Array
  /** Events of the session by then. */
  readonly place: Float64Array
  /** When the session began, ms. */
  readonly began: Float64Array
  /** 1 where an order came later in the session. */
  readonly labels: Uint8Array
  /** 1 of one customer in four, drawn by their ids: no model that is judged has seen them. */
  readonly isHeldOut: Uint8Array
}

export async function readSessionMoments(
  warehouse: Warehouse,
  { asOf, from = 0, until = asOf + 1, seed, places = [], most }: WantedMoments,
  work?: Work,
): Promise<SessionMoments> {
  const read = await warehouse.columns(
    query('session_moments'),
    { as_of: { instant: asOf }, from, until, seed, places: places.join(','), most },
    work,
  )
  return {
    customerIds: read.keys('customer_id'),
    ...{ asOf: read.numbers('as_of'), place: read.numbers('place'), began: read.numbers('began') },
    labels: Uint8Array.from(read.numbers('ordered')),
    isHeldOut: Uint8Array.from(read.numbers('is_held_out')),
  }
}

export function takeMoments(moments: SessionMoments, rows: readonly number[]): SessionMoments {
  const numbers = (of: Float64Array): Float64Array => Float64Array.from(rows, (row) => of[row]!)
  const flags = (of: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => of[row]!)
  return {
    customerIds: rows.map((row) => moments.customerIds[row]!),
    ...{ asOf: numbers(moments.asOf), place: numbers(moments.place), began: numbers(moments.began) },
    ...{ labels: flags(moments.labels), isHeldOut: flags(moments.isHeldOut) },
  }
}

/** As entries of a catalogue: what models are told of customers. */
export const featuresOf = (inputs: readonly FeatureDefinition[]): readonly Feature[] =>
  inputs.map((definition) => {
    const { name, label, unit = 'number' } = definition
    return {
      ...{ name, label, unit, group: 'declared', type: 'number', missing: 'as its definition says', trainable: true },
      definition: { kind: 'declared', name, definitions: [definition] },
    }
  })

const table = 'asked_session_moments'

/**
 * Moments with what was known at each of them, by the point-in-time SQL that features of training sets are made by: the
 * prefix of the session, never the whole of it.
 *
 * @param inputs numbers of customers
 */
export async function rowsAtMoments(
  warehouse: Warehouse,
  moments: SessionMoments,
  inputs: readonly FeatureDefinition[],
  work?: Work,
): Promise<LabelledRows> {
  const plan = planFeatures(inputs)
  const { customerIds, asOf, labels } = moments
  await warehouse.run(`drop table if exists ${table}`)
  // Customers are many times at one moment only where events come at once: their values are the same.
  await warehouse.stage(table, { customer_id: [...customerIds], as_of: asOf })
  try {
    const rows = await computeDefined(warehouse, plan, { listed: table }, work)
    const byMoment = new Map(rows.map((row) => [`${row.asOf} ${row.key[0]}`, row.values]))
    const values = new Float64Array(labels.length * inputs.length)
    customerIds.forEach((id, row) => {
      const own = byMoment.get(`${asOf[row]} ${id}`)
      if (own === undefined) throw new RangeError(`a moment must have values, got none at ${isoOf(asOf[row]!)}`)
      inputs.forEach(({ name }, column) => {
        values[row * inputs.length + column] = (own[name] as number | null) ?? Number.NaN
      })
    })
    return {
      customerIds,
      features: featuresOf(inputs),
      matrix: matrix(labels.length, inputs.length, values),
      categories: new Map(),
      labels,
    }
  } finally {
    await warehouse.run(`drop table if exists ${table}`)
  }
}
