import {
  applyPreparation,
  type BoostingModel,
  contributionsOfLogistic,
  explainBoosting,
  explainForest,
  type ForestModel,
  fitBoosting,
  fitForest,
  fitLogistic,
  fitPreparation,
  type LogisticModel,
  logisticScores,
  type PreparationModel,
  predictBoostingMargin,
  predictForest,
} from '@rapport/learn'
import { columnOf, type Matrix, matrix, takeRows, weightedGram } from '@rapport/numerics'
import type { Work } from '../base/index.ts'
import { stoppingOf } from './customer-folds.ts'
import { type CustomerRows, type LabelledRows, linearTable, tellingFeatures } from './customer-rows.ts'

/** A fitted linear scorer. Plain data. */
export interface LinearScorer {
  readonly kind: 'linear'
  /** Positions of the features that it reads. */
  readonly features: readonly number[]
  readonly preparation: PreparationModel
  /** Columns of the prepared matrix that are kept, and the feature that each comes from. */
  readonly columns: readonly number[]
  readonly featureOfColumn: readonly number[]
  readonly model: LogisticModel
}

/** A fitted boosting scorer. Plain data. */
export interface TreeScorer {
  readonly kind: 'trees'
  readonly features: readonly number[]
  readonly model: BoostingModel
}

/** A fitted random forest. Plain data. */
export interface ForestScorer {
  readonly kind: 'forest'
  readonly features: readonly number[]
  readonly model: ForestModel
}

/** What says the same of everybody. */
export interface ConstantScorer {
  readonly kind: 'constant'
}

export type Scorer = ConstantScorer | LinearScorer | TreeScorer | ForestScorer

/** Prepared values are standardised; nothing later may lie farther out than this many standard deviations. */
const clampAt = 5
/** Of two columns that say nearly the same, the earlier one is kept: reasons would otherwise be split between them. */
const correlationMax = 0.9
const correlationRowsMax = 4000
/** Of a standard error. The step that is taken from there leaves about its square, which nobody's chance shows. */
const tolerance = 1e-3

/** How rows are made what a linear model reads. Plain data. */
export type LinearPreparation = Omit<LinearScorer, 'model'>

/** Rows as a linear model reads them, and how to make others like them. */
interface PreparedRows {
  readonly scorer: LinearPreparation
  readonly data: Matrix
}

/** Learns the preparation from these rows alone. @returns undefined when no feature tells them apart */
export function prepareLinear(rows: LabelledRows, wanted: readonly number[]): PreparedRows | undefined {
  const features = tellingFeatures(rows, wanted)
  if (features.length === 0) return undefined
  const table = linearTable(rows, features)
  const named = (kind: 'number' | 'text'): string[] =>
    table.columns.filter((column) => column.kind === kind).map(({ name }) => name)
  const rowsMin = Math.max(10, Math.ceil(rows.labels.length / 200))
  const preparation = fitPreparation(table, [
    { kind: 'number', columns: named('number'), indicators: true },
    { kind: 'text', columns: named('text'), rowsMin },
  ])
  const all = applyPreparation(preparation, table)
  const columns = uncorrelated(all)
  const featureNames = features.map((feature) => rows.features[feature]!.name)
  // A column's name begins with its feature's, and those hold no space.
  const featureOfColumn = columns.map(
    (column) => features[featureNames.indexOf(preparation.columnNames[column]!.split(' ')[0]!)]!,
  )
  return {
    scorer: { kind: 'linear', features, preparation, columns, featureOfColumn },
    data: keepColumns(all, columns),
  }
}

export function fitLinear(
  { scorer, data }: PreparedRows,
  labels: Uint8Array,
  penalty: number,
  work?: Work,
): LinearScorer {
  return { ...scorer, model: fitLogistic(data, labels, { penalty, tolerance }, work) }
}

/** `[n × columns]` other rows, prepared alike: once for all the models that are fitted to one preparation. */
export const preparedLike = (preparation: LinearPreparation, rows: CustomerRows): Matrix =>
  keepColumns(applyPreparation(preparation.preparation, linearTable(rows, preparation.features)), preparation.columns)

/** `[n]` `marginsOf` rows that are prepared already. */
export const linearMargins = ({ model }: LinearScorer, prepared: Matrix): Float64Array =>
  logisticScores(model, prepared)

/** Trees are fitted to raw values. Without a number of rounds, rows are held back to find it. */
export async function fitTrees(
  rows: LabelledRows,
  wanted: readonly number[],
  { seed, rounds }: { readonly seed: number; readonly rounds?: number },
  work?: Work,
): Promise<TreeScorer> {
  const { features, categorical } = treeColumns(rows, wanted)
  const model = await fitBoosting(
    pickColumns(rows.matrix, features),
    rows.labels,
    {
      learningRate: 0.1,
      leavesMax: 15,
      rowsPerLeafMin: 20,
      l2: 1,
      categorical,
      seed,
      rounds: rounds ?? 200,
      ...(rounds === undefined ? { earlyStopping: stoppingOf(rows.customerIds, 15) } : {}),
    },
    work,
  )
  return { kind: 'trees', features, model }
}

/** The columns that trees read, and which of them hold categories. */
export function treeColumns(rows: CustomerRows, wanted: readonly number[]) {
  const features = wanted.filter((feature) => {
    const categories = rows.categories.get(rows.features[feature]!.name)
    return categories === undefined || categories.length <= categoriesMax
  })
  const categorical = features.flatMap((feature, column) =>
    rows.features[feature]!.type === 'category' ? [column] : [],
  )
  return { features, categorical }
}

const categoriesMax = 200

/** Grown to leaves of some size, so that each customer's score can be explained in time. */
export async function fitForestScorer(
  rows: LabelledRows,
  wanted: readonly number[],
  seed: number,
  work?: Work,
): Promise<{ readonly scorer: ForestScorer; readonly outOfBag: Float64Array }> {
  const { features, categorical } = treeColumns(rows, wanted)
  const data = pickColumns(rows.matrix, features)
  const { outOfBag, ...model } = await fitForest(
    data,
    rows.labels,
    { trees: 100, rowsPerLeafMin: Math.max(10, Math.ceil(rows.labels.length / 400)), categorical, seed },
    work,
  )
  return {
    // What each training row was told is no part of the model.
    scorer: { kind: 'forest', features, model: { ...model, outOfBag: undefined } },
    outOfBag: logOdds(outOfBag!),
  }
}

/** Shares of 0 and 1 are drawn inwards; a row that every tree saw (NaN) counts as unknown. */
const logOdds = (shares: Float64Array): Float64Array =>
  shares.map((share) => {
    const inner = Number.isNaN(share) ? 0.5 : Math.min(0.999, Math.max(0.001, share))
    return Math.log(inner / (1 - inner))
  })

/** `[n]` log odds of the target, not yet calibrated. */
export function marginsOf(scorer: Scorer, rows: CustomerRows): Float64Array {
  switch (scorer.kind) {
    case 'constant':
      return new Float64Array(rows.customerIds.length)
    case 'linear':
      return logisticScores(scorer.model, preparedLike(scorer, rows))
    case 'trees':
      return predictBoostingMargin(scorer.model, pickColumns(rows.matrix, scorer.features))
    case 'forest':
      return logOdds(columnOf(predictForest(scorer.model, pickColumns(rows.matrix, scorer.features)), 1))
  }
}

/** `[n × features]` what each feature moves the score by (log odds; of a forest the share), against an average customer of training. */
export function effectsOf(scorer: Scorer, rows: CustomerRows, work?: Work): Matrix {
  if (scorer.kind === 'constant') return matrix(rows.matrix.rows, rows.features.length)
  return spreadOver(
    contributionsOf(scorer, rows, work),
    scorer.kind === 'linear' ? scorer.featureOfColumn : scorer.features,
    rows,
  )
}

/** `[n × features]` contributions of a model's columns, added up by the feature that each comes from. */
export function spreadOver(
  contributions: Matrix,
  featureOf: readonly number[],
  { features }: Pick<CustomerRows, 'features'>,
): Matrix {
  const effects = matrix(contributions.rows, features.length)
  for (let row = 0, at = 0; row < contributions.rows; row += 1) {
    for (let column = 0; column < contributions.columns; column += 1, at += 1) {
      effects.values[row * features.length + featureOf[column]!]! += contributions.values[at]!
    }
  }
  return effects
}

function contributionsOf(scorer: Exclude<Scorer, ConstantScorer>, rows: CustomerRows, work?: Work): Matrix {
  if (scorer.kind === 'linear') {
    return contributionsOfLogistic(scorer.model, preparedLike(scorer, rows)).contributions
  }
  const data = pickColumns(rows.matrix, scorer.features)
  return scorer.kind === 'trees'
    ? explainBoosting(scorer.model, data, work).contributions
    : explainForest(scorer.model, data, work)[0]!.contributions
}

function keepColumns(data: Matrix, columns: readonly number[]): Matrix {
  const kept = pickColumns(data, columns)
  for (let at = 0; at < kept.values.length; at += 1) {
    kept.values[at] = Math.max(-clampAt, Math.min(clampAt, kept.values[at]!))
  }
  return kept
}

/** Some columns of all rows, in their order. */
export function pickColumns(data: Matrix, columns: readonly number[]): Matrix {
  const values = new Float64Array(data.rows * columns.length)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    const base = row * data.columns
    for (let column = 0; column < columns.length; column += 1, at += 1)
      values[at] = data.values[base + columns[column]!]!
  }
  return matrix(data.rows, columns.length, values)
}

/** Columns that vary, without those that nearly repeat an earlier one. */
function uncorrelated(data: Matrix): readonly number[] {
  const step = Math.ceil(data.rows / correlationRowsMax)
  const sample = takeRows(
    data,
    Int32Array.from({ length: Math.ceil(data.rows / step) }, (_, at) => at * step),
  )
  const { scaled, varies } = standardised(sample)
  const size = data.columns + 1
  const products = weightedGram(scaled, new Float64Array(sample.rows).fill(1))
  const kept: number[] = []
  for (let column = 0; column < data.columns; column += 1) {
    if (!varies[column]) continue
    const own = (column + 1) * size + 1
    if (kept.every((other) => Math.abs(products[own + other]!) <= correlationMax)) kept.push(column)
  }
  return kept
}

/** Columns with mean 0 and length 1, so that a product of two is their correlation; those that do not vary are 0. */
function standardised({ rows, columns, values }: Matrix) {
  const means = new Float64Array(columns)
  const lengths = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) means[column]! += values[at]! / rows
  }
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) lengths[column]! += (values[at]! - means[column]!) ** 2
  }
  const roots = lengths.map(Math.sqrt)
  const varies = Array.from(roots, (root) => root > 1e-9)
  const scaled = matrix(rows, columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      if (varies[column]) scaled.values[at] = (values[at]! - means[column]!) / roots[column]!
    }
  }
  return { scaled, varies }
}
