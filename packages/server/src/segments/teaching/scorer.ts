import {
  applyPreparation,
  contributionsOfLogistic,
  explainForest,
  type ForestModel,
  fitForest,
  fitLogistic,
  fitMultinomial,
  fitPreparation,
  fitTree,
  type LogisticModel,
  type MultinomialModel,
  type PreparationModel,
  type PreparationPlan,
  predictForest,
  predictLogistic,
  predictMultinomial,
  type Table,
} from '@rapport/learn'
import { type Matrix, matrix } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'

export const scorerKinds = ['logistic', 'tree', 'forest'] as const
export type ScorerKind = (typeof scorerKinds)[number]

export const scorerWords: Readonly<Record<ScorerKind, string>> = {
  logistic: 'logistic regression',
  tree: 'a decision tree',
  forest: 'a random forest',
}

/** What is tried of each kind: penalties of logistic regression, what a leaf of the tree must be worth. */
export const settingsOf: Readonly<Record<ScorerKind, readonly number[]>> = {
  logistic: [1, 10, 100],
  tree: [0.02, 0.005, 0.001],
  forest: [0],
}

/** Tells from features how likely a customer is in each class. Plain data. */
export interface Scorer {
  readonly kind: ScorerKind
  readonly preparation: PreparationModel
  /** `[columns]` the feature that each prepared column is made of. */
  readonly features: readonly string[]
  readonly classes: number
  readonly model: LogisticModel | MultinomialModel | ForestModel
}

/** Words of fewer customers are joined as rare. */
const rowsMin = 10

/**
 * @param of features of the labelled
 * @param labels `[n]` 0 … classes − 1, every one of them there
 */
export async function fitScorer(
  kind: ScorerKind,
  of: Table,
  labels: Int32Array,
  { setting, classes, seed }: { readonly setting: number; readonly classes: number; readonly seed: number },
  work?: Work,
): Promise<Scorer> {
  const usable = usableColumns(of)
  const preparation = fitPreparation(usable, planFor(kind, usable))
  const data = applyPreparation(preparation, usable)
  const features = preparation.columnNames.map((column) => featureOf(column, usable))
  const scorer = { kind, preparation, features, classes }
  if (kind === 'logistic') {
    const model =
      classes === 2
        ? fitLogistic(data, labels, { penalty: setting }, work)
        : fitMultinomial(data, labels, { penalty: setting }, work)
    return { ...scorer, model }
  }
  const categorical = usable.columns.flatMap(({ kind: type, name }) =>
    type === 'text' ? [preparation.columnNames.indexOf(name)] : [],
  )
  const rowsPerLeafMin = Math.max(5, Math.round(of.rows / 100))
  const options = { rowsPerLeafMin, categorical, seed }
  const model =
    kind === 'tree'
      ? await fitTree(data, labels, { ...options, penalty: setting, depthMax: 6 }, work)
      : await fitForest(data, labels, options, work)
  return { ...scorer, model }
}

/** A column of numbers without any value teaches nothing, and cannot be filled in. */
const usableColumns = (of: Table): Table => ({
  ...of,
  columns: of.columns.filter(({ kind, values }) => kind === 'text' || values.some((value) => !Number.isNaN(value))),
})

function planFor(kind: ScorerKind, { columns }: Table): PreparationPlan {
  const named = (type: 'number' | 'text'): string[] =>
    columns.filter((column) => column.kind === type).map(({ name }) => name)
  const [numbers, words] = [named('number'), named('text')]
  // Trees see what is missing, and only the order of numbers.
  const number =
    kind === 'logistic'
      ? ({ kind: 'number', columns: numbers, indicators: true, reshape: 'yeo-johnson' } as const)
      : ({ kind: 'number', columns: numbers, impute: 'none', scale: 'none' } as const)
  const encode = kind === 'logistic' ? 'one-hot' : 'ordinal'
  return [
    ...(numbers.length > 0 ? [number] : []),
    ...(words.length > 0 ? [{ kind: 'text', columns: words, rowsMin, encode } as const] : []),
  ]
}

/** 'orders is missing' and 'country = DE' are of orders and country. */
const featureOf = (column: string, { columns }: Table): string =>
  columns.find(({ name }) => column === name || column === `${name} is missing` || column.startsWith(`${name} = `))!
    .name

/** `[n × classes]` probabilities, each row summing to 1. */
export function classProbabilities({ preparation, model }: Scorer, of: Table): Matrix {
  const data = applyPreparation(preparation, of)
  if (model.kind === 'forest') return predictForest(model, data)
  if (model.kind === 'multinomial-logistic') return predictMultinomial(model, data)
  const probabilities = matrix(of.rows, 2)
  predictLogistic(model, data).forEach((probability, row) => {
    probabilities.values[2 * row] = 1 - probability
    probabilities.values[2 * row + 1] = probability
  })
  return probabilities
}

/** What each feature adds to a class: log odds of logistic regression, else probability. */
export interface Effects {
  readonly features: readonly string[]
  /** `[n × features]` */
  readonly values: Matrix
}

export function effectsOn({ preparation, features, model }: Scorer, of: Table, onClass: number, work?: Work): Effects {
  const data = applyPreparation(preparation, of)
  const columns = contributions(model, data, onClass, work)
  const names = [...new Set(features)]
  const values = matrix(of.rows, names.length)
  const positions = features.map((feature) => names.indexOf(feature))
  for (let row = 0; row < of.rows; row += 1) {
    positions.forEach((position, column) => {
      values.values[row * names.length + position]! += columns.values[row * columns.columns + column]!
    })
  }
  return { features: names, values }
}

function contributions(model: Scorer['model'], data: Matrix, onClass: number, work?: Work): Matrix {
  if (model.kind === 'forest') {
    const explained = explainForest(model, data, work)
    return explained.length === 1 ? explained[0]!.contributions : explained[onClass]!.contributions
  }
  if (model.kind === 'logistic') return contributionsOfLogistic(model, data).contributions
  // Prepared numbers have mean 0, so a coefficient times its value is what it adds against the average customer.
  const { coefficients } = model
  const values = new Float64Array(data.values.length)
  for (let at = 0; at < values.length; at += 1) {
    values[at] = coefficients.values[onClass * data.columns + (at % data.columns)]! * data.values[at]!
  }
  return matrix(data.rows, data.columns, values)
}
