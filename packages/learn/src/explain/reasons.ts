import { columnOf, type Matrix, RapportError } from '@rapport/numerics'
import type { PredictionExplanation } from './explain-trees.ts'

/** A feature as people know it: one column, or several that belong together. */
export interface NamedFeature {
  /** `days since the last order`. */
  readonly name: string
  /** Columns of the data; the contributions of several (one-hot) are summed. */
  readonly columns: readonly number[]
  /**
   * A row's values in words, `120 days`, `gold`; null where there is nothing to say. Default: the number itself; of
   * several columns, each.
   */
  readonly describe?: (values: readonly number[]) => string | null
  /** What is said where `describe` says nothing: `never ordered`. Default `not known`. */
  readonly missing?: string
  /** True for what has no middle: the usual value is the commonest, not the median. Several columns never have one. */
  readonly isCategory?: boolean
}

/** What a contribution does, in words: `makes a lapse likelier`, `makes a lapse less likely`. */
export interface Directions {
  readonly up: string
  readonly down: string
}

export interface ReasonOptions {
  readonly features: readonly NamedFeature[]
  /** Default `raises the score` and `lowers the score`. */
  readonly directions?: Directions
  /** Values to compare with, from `usualValues`. Default: nothing is compared. */
  readonly usual?: readonly (string | null)[]
  /** Reasons at most, 1 or more. Default 3. */
  readonly most?: number
}

/** One of the reasons why a row got its prediction. */
export interface Reason {
  readonly feature: string
  /** Its place among the features that were named. */
  readonly position: number
  /** In words; null where it is missing. */
  readonly value: string | null
  /** What most rows have; null where nothing is compared. */
  readonly usual: string | null
  readonly direction: 'up' | 'down'
  /** In the unit of the explanation: log odds, money. */
  readonly effect: number
  /** This effect among the sizes of all effects on the row, in (0, 1]. */
  readonly share: number
  /** `days since the last order: 120 (usually 34), makes a lapse likelier`. */
  readonly words: string
}

/**
 * The features that moved a row's prediction most, strongest first, in words.
 *
 * They are reasons of the model, against the rows that the explanation's base comes from; what would happen if a value
 * were changed they do not say.
 *
 * @param explanation of any method: `explainBoosting`, `explainForest`, `explainLinear`, `explainByKernel`
 * @param data `[n × d]` the rows that were explained
 * @returns fewer than `most` where fewer features have an effect; of equal effects, the feature named first
 * @throws RapportError `reasons.row`, `reasons.features` (a column that is not there), `reasons.options`
 *
 * @example
 * reasonsOf(explainBoosting(model, customers), customers, 0, { features, usual: usualValues(training, features) })
 * // [{ feature: 'days since the last order', value: '120', usual: '34', direction: 'up', … }]
 */
export function reasonsOf(
  { contributions }: Pick<PredictionExplanation, 'contributions'>,
  data: Matrix,
  row: number,
  { features, directions = scoreDirections, usual, most = 3 }: ReasonOptions,
): Reason[] {
  if (data.rows !== contributions.rows || data.columns !== contributions.columns) {
    refuse('features', 'data must be the rows that were explained, got others')
  }
  if (!Number.isInteger(row) || row < 0 || row >= data.rows) {
    refuse('row', `row must be a whole number from 0 to ${data.rows - 1}, got ${row}`)
  }
  if (!Number.isInteger(most) || most < 1) refuse('options', `most must be a whole number ≥ 1, got ${most}`)
  if (usual && usual.length !== features.length) {
    refuse('options', `usual must hold one value a feature (${features.length}), got ${usual.length}`)
  }
  checkFeatures(features, data.columns)
  const first = row * data.columns
  const effects = features.map(({ columns }) =>
    columns.reduce((sum, column) => sum + contributions.values[first + column]!, 0),
  )
  const total = effects.reduce((sum, effect) => sum + Math.abs(effect), 0)
  return strongest(effects, most).map((feature) => {
    const effect = effects[feature]!
    const named = features[feature]!
    const value = valueInWords(data, row, named)
    const compared = usual?.[feature] ?? null
    const direction = effect > 0 ? 'up' : 'down'
    const middle = compared === null ? '' : compared === value ? ' (as usual)' : ` (usually ${compared})`
    return {
      feature: named.name,
      position: feature,
      value,
      usual: compared,
      direction,
      effect,
      share: Math.abs(effect) / total,
      words: `${named.name}: ${value ?? named.missing ?? 'not known'}${middle}, ${directions[direction]}`,
    }
  })
}

/** Positions of the largest absolute effects that are not 0, equal ones in their order: of a hundred features, without a sort. */
function strongest(effects: readonly number[], most: number): readonly number[] {
  const found: number[] = []
  for (const [feature, effect] of effects.entries()) {
    if (effect === 0 || Number.isNaN(effect)) continue
    let place = found.length
    while (place > 0 && Math.abs(effects[found[place - 1]!]!) < Math.abs(effect)) place -= 1
    if (place >= most) continue
    found.splice(place, 0, feature)
    if (found.length > most) found.pop()
  }
  return found
}

/**
 * What most rows have, for reasons to compare with: the median of a number, else the commonest description.
 *
 * @param data `[n × d]` the rows to compare with, usually those of training
 * @returns `[features]` in words; null where no row has a value
 * @throws RapportError `reasons.features`
 */
export function usualValues(data: Matrix, features: readonly NamedFeature[]): (string | null)[] {
  checkFeatures(features, data.columns)
  return features.map((feature) => {
    const [column, ...more] = feature.columns
    if (more.length > 0 || feature.isCategory) return commonest(data, feature)
    const present = Float64Array.from(columnOf(data, column!))
      .filter((value) => !Number.isNaN(value))
      .sort()
    return present.length === 0 ? null : (feature.describe ?? describeNumbers)([present[present.length >> 1]!])
  })
}

const scoreDirections: Directions = { up: 'raises the score', down: 'lowers the score' }

function commonest(data: Matrix, feature: NamedFeature): string | null {
  const counts = new Map<string, number>()
  for (let row = 0; row < data.rows; row += 1) {
    const value = valueInWords(data, row, feature)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  // The first of equals, so that the same rows give the same words.
  return [...counts].reduce<[string | null, number]>((best, own) => (own[1] > best[1] ? own : best), [null, 0])[0]
}

function valueInWords(data: Matrix, row: number, { columns, describe = describeNumbers }: NamedFeature): string | null {
  return describe(columns.map((column) => data.values[row * data.columns + column]!))
}

/** Three digits, more where the number is whole; null where one is missing. */
const describeNumbers = (values: readonly number[]): string | null =>
  values.some(Number.isNaN)
    ? null
    : values.map((value) => (Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`)).join(', ')

function checkFeatures(features: readonly NamedFeature[], columns: number): void {
  for (const feature of features) {
    const wrong = feature.columns.find((column) => !(Number.isInteger(column) && column >= 0 && column < columns))
    if (feature.columns.length > 0 && wrong === undefined) continue
    refuse('features', `${feature.name} must name columns from 0 to ${columns - 1}, got ${wrong ?? 'none'}`)
  }
}

function refuse(what: 'row' | 'features' | 'options', message: string): never {
  throw new RapportError(`reasons.${what}`, message)
}
