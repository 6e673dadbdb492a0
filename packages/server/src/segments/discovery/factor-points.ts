import { type AlsModel, fitAls, foldInUsers, table } from '@rapport/learn'
import { columnOf, type Matrix, matrix, type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import type { Baskets } from './baskets.ts'
import type { PointScale, Points } from './points.ts'

type FactorScale = Extract<PointScale, { kind: 'factors' }>

/** Tastes that a shop's customers are told apart by; more of them describe single products. */
const factorsMax = 16
/** Different products that a customer must have bought for their taste to be known. */
export const productsMin = 3

/**
 * Customers by the direction of their factors of alternating least squares: what they like, not how much they buy.
 *
 * @param rows customers, those without a basket included
 * @param scale that of a model: its products' factors, by which customers are folded in; fitted when left out
 * @returns nobody known when there are fewer than two products
 */
export async function factorPoints(
  baskets: Baskets,
  rows: number,
  { seed, scale }: { readonly seed: number; readonly scale?: FactorScale },
  work?: Work,
): Promise<Points> {
  const learned = scale ?? (await learnFactors(baskets, rows, seed, work))
  const { itemFactors, productIds } = learned
  const taken = interactionsOf(baskets, rows, productIds)
  const unfitted = { userFactors: matrix(0, itemFactors.columns), penalty: 'mass', rounds: 0, losses: [] } as const
  const { regularization, confidence } = learned
  const model: AlsModel = { kind: 'als', ...unfitted, itemFactors, regularization, confidence }
  // Those who were in the fit are folded in as well, so that a taste stays the same when it is looked at again.
  const tastes = foldInUsers(model, taken)
  const data = ofLengthOne(tastes)
  const known = Int32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => taken.rowStarts[row + 1]! - taken.rowStarts[row]! >= productsMin,
  )
  return {
    data,
    table: table(
      Array.from({ length: data.columns }, (_, column) => ({
        ...{ name: `factor ${column + 1}`, kind: 'number' as const },
        values: Float64Array.from(columnOf(data, column)),
      })),
    ),
    columnsOf: Array.from({ length: data.columns }, (_, column) => Int32Array.of(column)),
    lengths: lengthsOf(tastes),
    known,
    scale: learned,
    comparedBy: [{ feature: 'factors', label: `${data.columns} factors of ${productIds.length} products bought` }],
    knownWords: `${known.length} of ${rows} customers bought ${productsMin} different products or more`,
  }
}

async function learnFactors(baskets: Baskets, rows: number, seed: number, work?: Work): Promise<FactorScale> {
  const { productIds } = baskets
  const factors = Math.max(1, Math.min(factorsMax, productIds.length - 1, rows - 1))
  const taken = interactionsOf(baskets, rows, productIds)
  if (productIds.length < 2 || taken.values.length === 0) {
    return { kind: 'factors', productIds, itemFactors: matrix(productIds.length, 1), regularization: 1, confidence: 1 }
  }
  const { itemFactors, regularization, confidence } = await fitAls(taken, { factors, seed }, work)
  return { kind: 'factors', productIds, itemFactors, regularization, confidence }
}

/** Products that a model does not know are left out. */
function interactionsOf(baskets: Baskets, rows: number, productIds: readonly string[]): SparseMatrix {
  const positions = new Map(productIds.map((id, at) => [id, at]))
  const [customers, products, strengths]: [number[], number[], number[]] = [[], [], []]
  baskets.customers.forEach((customer, entry) => {
    const product = positions.get(baskets.productIds[baskets.products[entry]!]!)
    if (product === undefined) return
    customers.push(customer)
    products.push(product)
    strengths.push(Math.log2(1 + baskets.orders[entry]!))
  })
  return sparseFromTriplets(rows, productIds.length, customers, products, strengths)
}

/** Rows brought to length 1; of those without a basket to 0. */
export function ofLengthOne({ rows, columns, values }: Matrix): Matrix {
  const lengths = lengthsOf({ rows, columns, values })
  const scaled = values.map((value, at) => (value === 0 ? 0 : value / lengths[Math.floor(at / columns)]!))
  return matrix(rows, columns, Float64Array.from(scaled))
}

const lengthsOf = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => Math.hypot(...values.subarray(row * columns, (row + 1) * columns)))
