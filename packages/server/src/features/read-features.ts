import { type Matrix, matrix } from '@rapport/numerics'
import { type Instant, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { type Columns, readQueries, type Warehouse } from '../warehouse/index.ts'
import { type FeatureRequest, withCompiled } from './compute-features.ts'
import type { Feature } from './definition.ts'
import { duckdbFeatureDialect } from './feature-dialect.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Features in memory. */
export interface FeatureMatrix {
  /** `[rows]`, ascending by code point; with several moments per customer, the earliest first. */
  readonly customerIds: readonly string[]
  /** `[rows]` the moment of each row, ms. */
  readonly asOf: Float64Array
  readonly names: readonly string[]
  /** The catalogue's entries of the columns. */
  readonly features: readonly Feature[]
  /** `[rows × names]`; missing is NaN, a category is its position in `categories`. */
  readonly matrix: Matrix
  /** The values of each categorical column, ascending by code point. */
  readonly categories: ReadonlyMap<string, readonly string[]>
}

/**
 * Reads features of a computed table, rows ordered by customer.
 *
 * @param names columns in the order wanted. Default: every one, in the catalogue's order
 * @throws RapportError `features.missing` when there is no such table, `features.unknown` when it has no such column
 */
export async function readFeatures(
  warehouse: Warehouse,
  table: string,
  names?: readonly string[],
  work?: Work,
): Promise<FeatureMatrix> {
  const { features: all } = await registeredFeatures(warehouse, table)
  const features = (names ?? all.map(({ name }) => name)).map((name) => {
    const feature = all.find((candidate) => candidate.name === name)
    if (feature) return feature
    throw new RapportError('features.unknown', `${table} must have a feature named ${name}, it has none`)
  })
  return readMatrix(warehouse, features, duckdbFeatureDialect.identifier(table), work)
}

/**
 * Features of the customers and moments that a request lists, computed straight into memory: what is used once need not be
 * written down first.
 *
 * @throws RapportError as `computeFeatures`
 */
export async function featuresInMemory(
  warehouse: Warehouse,
  request: Omit<FeatureRequest, 'table'>,
  work?: Work,
): Promise<FeatureMatrix> {
  return withCompiled(warehouse, request, async ({ features, sql }) => {
    work?.onProgress?.({ stage: 'features', done: 0, total: 1 })
    const read = await readMatrix(warehouse, features, `(${sql})`, work)
    work?.onProgress?.({ stage: 'features', done: 1, total: 1 })
    return read
  })
}

/** @param from a table, or a query in brackets */
async function readMatrix(
  warehouse: Warehouse,
  features: readonly Feature[],
  from: string,
  work: Work | undefined,
): Promise<FeatureMatrix> {
  const wanted = features.map(({ name }) => `, ${duckdbFeatureDialect.identifier(name)}`).join('')
  const columns = await warehouse.columns(
    `select customer_id, as_of${wanted} from ${from} order by customer_id, as_of`,
    undefined,
    work,
  )
  const categories = new Map<string, readonly string[]>()
  const values = new Float64Array(columns.rows * features.length)
  features.forEach((feature, column) => {
    stopIfAborted(work)
    const read = feature.type === 'number' ? columns.numbers(feature.name) : coded(columns, feature.name, categories)
    for (let row = 0, at = column; row < columns.rows; row += 1, at += features.length) values[at] = read[row]!
  })
  return {
    customerIds: columns.keys('customer_id'),
    asOf: columns.numbers('as_of'),
    names: features.map(({ name }) => name),
    features,
    matrix: matrix(columns.rows, features.length, values),
    categories,
  }
}

/**
 * What a computed table holds, and as of when.
 *
 * @throws RapportError `features.missing` when there is no such table
 */
export async function registeredFeatures(
  warehouse: Warehouse,
  table: string,
): Promise<{ readonly asOf: Instant; readonly features: readonly Feature[] }> {
  const [found] = await warehouse.rows<{ as_of: number; definitions: string }>(query('registered'), { table })
  if (!found) throw new RapportError('features.missing', `features must be computed into ${table} before they are read`)
  return { asOf: found.as_of, features: JSON.parse(found.definitions) as readonly Feature[] }
}

function coded(columns: Columns, name: string, categories: Map<string, readonly string[]>): Float64Array {
  const texts = columns.texts(name)
  const values = [...new Set(texts.filter((text) => text !== null))].sort()
  categories.set(name, values)
  const codes = new Map(values.map((value, code) => [value, code]))
  return Float64Array.from(texts, (text) => (text === null ? Number.NaN : codes.get(text)!))
}
