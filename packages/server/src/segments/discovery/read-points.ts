import { type Instant, RapportError, type Work } from '../../base/index.ts'
import {
  asLive,
  currentFeatures,
  type FeatureMatrix,
  featuresInMemory,
  readFeatures,
  registeredFeatures,
  storeBasis,
} from '../../features/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Buyers } from '../buyers.ts'
import { rowsOf } from '../discovered-segments.ts'
import { type Habit, readHabits } from '../habits.ts'
import type { Baskets } from './baskets.ts'
import { chosenFeatures } from './chosen-features.ts'
import { factorPoints } from './factor-points.ts'
import { featurePoints } from './feature-points.ts'
import { habitPoints } from './habit-points.ts'
import type { PointScale, Points } from './points.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

/** What customers are to be compared by. */
export type ComparedBy =
  | { readonly kind: 'habits' }
  | { readonly kind: 'features'; readonly words: readonly string[] }
  | { readonly kind: 'factors'; readonly seed: number }

/** Everybody with a purchase as points; and what these were made of, where they are compared by habits or by factors. */
export interface ReadPoints {
  readonly points: Points
  readonly habits: readonly Habit[]
  readonly baskets?: Baskets
}

/**
 * @param by what to compare by, or the scale of a model that did
 * @throws RapportError `segments.features` for words that are no features, or when a model's are not computed any more
 */
export async function readPoints(
  warehouse: Warehouse,
  by: ComparedBy | PointScale,
  buyers: Buyers,
  asOf: Instant,
  work?: Work,
): Promise<ReadPoints> {
  switch (by.kind) {
    case 'habits': {
      const habits = await readHabits(warehouse, asOf, work)
      return { habits, points: await habitPoints(habits, 'scales' in by ? by.scales : undefined, work) }
    }
    case 'features': {
      const read = rowsOf(await readComparedBy(warehouse, by, asOf, work), buyers.customerIds)
      return { habits: [], points: featurePoints(read, 'names' in by ? by : undefined) }
    }
    case 'factors': {
      const baskets = await readBaskets(warehouse, asOf, work)
      const options = 'itemFactors' in by ? { seed: 0, scale: by } : { seed: by.seed }
      return { habits: [], baskets, points: await factorPoints(baskets, buyers.customerIds.length, options, work) }
    }
  }
}

async function readComparedBy(
  warehouse: Warehouse,
  by: Extract<ComparedBy | PointScale, { kind: 'features' }>,
  asOf: Instant,
  work?: Work,
): Promise<FeatureMatrix> {
  if ('names' in by && by.features !== undefined)
    return featuresInMemory(warehouse, { asOf, catalogue: by.features }, work)
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  if ('words' in by) {
    const catalogue = asLive(chosenFeatures(features, by.words))
    return featuresInMemory(warehouse, { asOf, catalogue }, work)
  }
  const gone = by.names.filter((wanted) => !features.some(({ name }) => name === wanted))
  if (gone.length === 0) return readFeatures(warehouse, currentFeatures, by.names, work)
  throw new RapportError(
    'segments.features',
    `features of the model must still be computed, got none of ${gone.join(', ')}`,
  )
}

async function readBaskets(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<Baskets> {
  const { lines } = await storeBasis(warehouse, asOf)
  const sql = query('baskets').replaceAll('{lines}', lines)
  const columns = await warehouse.columns(sql, { as_of: { instant: asOf } }, work)
  const products = columns.keys('product_id')
  const productIds = [...new Set(products)].sort()
  const positions = new Map(productIds.map((id, at) => [id, at]))
  return {
    productIds,
    customers: Int32Array.from(columns.numbers('customer')),
    products: Int32Array.from(products, (id) => positions.get(id)!),
    orders: columns.numbers('orders'),
  }
}
