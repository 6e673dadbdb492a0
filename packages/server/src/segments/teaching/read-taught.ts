import { type Table, table } from '@rapport/learn'
import { type Instant, shortened, type Work } from '../../base/index.ts'
import {
  asLive,
  currentFeatures,
  type Feature,
  type FeatureMatrix,
  featuresInMemory,
  liveTwin,
  readFeatures,
  registeredFeatures,
} from '../../features/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { chosenFeatures } from '../discovery/chosen-features.ts'
import { tableOf, varies } from '../discovery/feature-points.ts'
import { noneTells } from '../none-tells.ts'
import { findSegment } from '../stored-segments.ts'
import { type LabelList, wrong } from './label-list.ts'
import type { Teacher } from './teacher.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))
const ofSegments = readQueries(new URL('../queries.sql', import.meta.url))

/** Everybody who may be profiled and did anything, as models see them. */
export interface Everybody {
  readonly customerIds: readonly string[]
  readonly read: FeatureMatrix
  /** The features that tell customers apart. */
  readonly table: Table
  readonly catalogue: readonly Feature[]
}

/**
 * @param words features and families of the catalogue; all that can be live when empty. What carries no date teaches nothing
 * @throws RapportError `segments.features`
 */
export async function readEverybody(
  warehouse: Warehouse,
  words: readonly string[],
  asOf: Instant,
  work?: Work,
): Promise<Everybody> {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const wanted = (words.length === 0 ? features : chosenFeatures(features, words)).filter(({ trainable }) => trainable)
  // What is not live would keep the segment from being live.
  const catalogue = words.length === 0 ? wanted.flatMap((feature) => liveTwin(feature) ?? []) : asLive(wanted)
  const read = await featuresInMemory(warehouse, { asOf, catalogue }, work)
  const kept = tableOf(read).columns.filter(varies)
  if (kept.length === 0)
    throw wrong(
      noneTells(
        'a feature',
        catalogue.map(({ name }) => name),
      ),
    )
  return { customerIds: read.customerIds, read, table: table(kept), catalogue: read.features }
}

/** The same people by the features that a model goes by. */
export async function readAgain(
  warehouse: Warehouse,
  { names, features }: Pick<Teacher, 'names' | 'features'>,
  asOf: Instant,
  work?: Work,
): Promise<Everybody> {
  const read =
    features === undefined
      ? await readFeatures(warehouse, currentFeatures, names, work)
      : await featuresInMemory(warehouse, { asOf, catalogue: features }, work)
  return { customerIds: read.customerIds, read, table: table(tableOf(read).columns), catalogue: read.features }
}

/** Who was said to be what, among everybody. */
export interface Labelled {
  /** Rows of everybody, ascending. */
  readonly rows: Int32Array
  /** `[rows]` */
  readonly labels: readonly string[]
  /** Customers on the list who may not be profiled, or did nothing. */
  readonly leftOut: number
}

/** @throws RapportError `segments.labels` for ids that nothing names, and for customers who are said to be two things */
export async function labelledByList(
  warehouse: Warehouse,
  { ids, labels }: LabelList,
  { customerIds }: Everybody,
  work?: Work,
): Promise<Labelled> {
  const staged = 'staged_labels'
  await warehouse.stage(staged, { position: Int32Array.from(ids.keys()), id: ids }, work)
  const sql = query('resolve_labels').replaceAll('{table}', staged)
  const columns = await warehouse.columns(sql, undefined, work)
  await warehouse.run(`drop table ${staged}`)
  const isKnown = columns.numbers('is_known')
  const unknown = ids.filter((_, at) => isKnown[at] !== 1)
  if (unknown.length > 0) {
    const named = shortened(unknown.slice(0, 3).join(', '), 100)
    throw wrong(
      `every id must be of a customer of this store, got ${unknown.length} of ${ids.length} that are not: ${named}`,
    )
  }
  const rowOf = new Map(customerIds.map((id, row) => [id, row]))
  const labelOf = new Map<number, string>()
  const leftOut = new Set<string>()
  columns.keys('customer_id').forEach((id, at) => {
    const row = rowOf.get(id)
    if (row === undefined) leftOut.add(id)
    else {
      const before = labelOf.get(row)
      if (before !== undefined && before !== labels[at]) {
        throw wrong(
          `every customer must be said to be one thing, got ${before} and ${labels[at]} for ${shortened(ids[at]!, 60)}`,
        )
      }
      labelOf.set(row, labels[at]!)
    }
  })
  const rows = Int32Array.from(labelOf.keys()).sort()
  return { rows, labels: Array.from(rows, (row) => labelOf.get(row)!), leftOut: leftOut.size }
}

/** Who is in a segment now is yes; everybody else is no until they are found to be like them. */
export async function labelledBySegment(
  warehouse: Warehouse,
  id: string,
  { customerIds }: Everybody,
  work?: Work,
): Promise<Labelled> {
  await findSegment(warehouse, id)
  const columns = await warehouse.columns(ofSegments('members'), { id }, work)
  const members = new Set(columns.keys('customer_id'))
  const labels = customerIds.map((customer) => (members.has(customer) ? 'yes' : 'no'))
  const found = labels.filter((label) => label === 'yes').length
  return { rows: Int32Array.from(customerIds.keys()), labels, leftOut: members.size - found }
}
