import { type Matrix, matrix } from '@rapport/numerics'
import type { FeatureMatrix } from '../features/index.ts'

/** How a feature is brought to a scale on which distances mean something. */
export interface ClusterFeature {
  readonly feature: string
  /**
   * - `log`: log(1 + value), for counts and money, which a few customers have much of; missing is the median
   * - `share`: pulled towards everybody's mean as by `shrinkWeight` further orders or items; missing is that mean
   */
  readonly transform: 'log' | 'share'
  /** What a share is a share of, which says how much it can be trusted. */
  readonly weighedBy?: 'items' | 'orders'
}

/** What was learned to prepare the features; plain data, kept with the model. */
export interface ClusterScale extends ClusterFeature {
  readonly label: string
  /** What a missing value becomes, before scaling. */
  readonly missing: number
  readonly mean: number
  /** Standard deviation, > 0. */
  readonly deviation: number
}

/** A share of two orders says little: it counts as if this many more orders (or items) had had everybody's share. */
export const shrinkWeight = 3
/** Farther out than this many standard deviations no customer counts, so that one whale is no cluster. */
const deviationsMax = 3

/** Of what kind, at which price and when somebody buys: what stays with a person, whatever their activity just now. */
const taste: readonly ClusterFeature[] = [
  { feature: 'price_level', transform: 'log' },
  { feature: 'items_per_order', transform: 'log' },
  { feature: 'average_order_value', transform: 'log' },
  { feature: 'discounted_share', transform: 'share', weighedBy: 'items' },
  { feature: 'weekend_share', transform: 'share', weighedBy: 'orders' },
  { feature: 'morning_share', transform: 'share', weighedBy: 'orders' },
  { feature: 'evening_share', transform: 'share', weighedBy: 'orders' },
  { feature: 'night_share', transform: 'share', weighedBy: 'orders' },
]

/** How often: looked at where a store says too little about tastes; RFM shows it in any case. */
const activity: readonly ClusterFeature[] = [
  { feature: 'orders', transform: 'log' },
  { feature: 'mean_gap_days', transform: 'log' },
]

/** Fewer category shares than this say too little about tastes. */
const categoriesMin = 3

/** What customers of a store with these features are compared by. */
export function clusterFeatures(names: readonly string[]): readonly ClusterFeature[] {
  const categories = names
    .filter((name) => name.startsWith('category_share_'))
    .map((feature): ClusterFeature => ({ feature, transform: 'share', weighedBy: 'items' }))
  const wanted = [...taste, ...categories, ...(categories.length < categoriesMin ? activity : [])]
  return wanted.filter(({ feature }) => names.includes(feature))
}

/**
 * Learns the scale of each feature from customers with purchases; features that nobody differs in are left out.
 *
 * @param read features of `wanted`, `orders` and `items`
 */
export function learnScales(read: FeatureMatrix, wanted: readonly ClusterFeature[]): readonly ClusterScale[] {
  return wanted.flatMap((feature): ClusterScale[] => {
    const values = columnNamed(read, feature.feature)
    const known = values.filter((value) => !Number.isNaN(value))
    if (known.length === 0) return []
    const missing = feature.transform === 'log' ? medianOf(known) : meanOf(known)
    const label = read.features.find(({ name }) => name === feature.feature)!.label
    const unscaled: ClusterScale = { ...feature, label, missing, mean: 0, deviation: 1 }
    const prepared = prepare(values, weightsOf(read, unscaled), unscaled)
    const mean = meanOf(prepared)
    const deviation = Math.sqrt(meanOf(prepared.map((value) => (value - mean) ** 2)))
    return deviation > 1e-9 ? [{ ...unscaled, mean, deviation }] : []
  })
}

/** `[customers × scales]` as clustering compares them: mean 0, standard deviation about 1, no missing value. */
export function scaledFeatures(read: FeatureMatrix, scales: readonly ClusterScale[]): Matrix {
  const { rows } = read.matrix
  const values = new Float64Array(rows * scales.length)
  scales.forEach((scale, column) => {
    const prepared = prepare(columnNamed(read, scale.feature), weightsOf(read, scale), scale)
    for (let row = 0; row < rows; row += 1) {
      const scaled = (prepared[row]! - scale.mean) / scale.deviation
      values[row * scales.length + column] = Math.max(-deviationsMax, Math.min(deviationsMax, scaled))
    }
  })
  return matrix(rows, scales.length, values)
}

function prepare(values: Float64Array, weights: Float64Array, { transform, missing }: ClusterScale): Float64Array {
  if (transform === 'log') {
    return values.map((value) => Math.log1p(Math.max(0, Number.isNaN(value) ? missing : value)))
  }
  return values.map((value, row) => {
    if (Number.isNaN(value)) return missing
    return (value * weights[row]! + missing * shrinkWeight) / (weights[row]! + shrinkWeight)
  })
}

const weightsOf = (read: FeatureMatrix, { weighedBy = 'orders' }: ClusterFeature): Float64Array =>
  columnNamed(read, weighedBy)

function columnNamed({ names, matrix: { rows, columns, values } }: FeatureMatrix, name: string): Float64Array {
  const column = names.indexOf(name)
  return Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]!)
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

function medianOf(values: Float64Array): number {
  const ascending = values.slice().sort()
  const middle = (ascending.length - 1) / 2
  return (ascending[Math.floor(middle)]! + ascending[Math.ceil(middle)]!) / 2
}
