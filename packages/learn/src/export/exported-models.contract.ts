import { type Matrix, matrix, seededRandom } from '@rapport/numerics'
import {
  type BayesModel,
  fitBernoulliBayes,
  fitGaussianBayes,
  fitMultinomialBayes,
  predictBayes,
} from '../bayes/index.ts'
import { assignKMeans, fitKMeans } from '../clustering/index.ts'
import {
  fitElasticNet,
  fitGeneralisedLinear,
  fitLeastSquares,
  fitLogistic,
  fitMultinomial,
  fitOnlineLinear,
  predictElasticNet,
  predictGeneralisedLinear,
  predictLeastSquares,
  predictLogistic,
  predictMultinomial,
  predictOnline,
} from '../linear/index.ts'
import {
  applyBinning,
  applyImputation,
  applyPower,
  applyQuantiles,
  applyScaling,
  fitBinning,
  fitImputation,
  fitPower,
  fitQuantiles,
  fitScaling,
} from '../preparation/index.ts'
import { applyCalibration, type Calibration, fitBetaCalibration, fitIsotonic, fitPlatt } from '../selection/index.ts'
import {
  type ForestModel,
  fitBoosting,
  fitBoostingClasses,
  fitBoostingRanking,
  fitBoostingRegression,
  fitForest,
  fitForestRegression,
  fitTree,
  predictBoosting,
  predictBoostingClasses,
  predictBoostingMargin,
  predictBoostingRegression,
  predictForest,
  predictForestRegression,
  type RegressionLoss,
} from '../trees/index.ts'
import type { OnnxModel } from './onnx/index.ts'

/** A fitted model, rows that it was not fitted on, and what it says of them in process. */
export interface ExportedModel {
  readonly model: OnnxModel
  readonly rows: Matrix
  /** `[n × outputs]` */
  readonly said: Matrix
}

/** 400 rows that are 32-bit floats, so that every export is asked the same: two numbers of unlike scale, one of them with a long tail, and a column of codes; missing values if asked for. */
function drawRows(seed: number, hasMissing: boolean, rows = 400): Matrix {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, () => [
    100 * random.normal(),
    random.gamma(0.7, 3),
    // Codes 5 and 6 come up in other draws than those of training.
    random.integer(seed === 1 ? 5 : 7),
    random.normal() - 0.2,
  ]).flat()
  const odd = (value: number): number => (hasMissing && random.uniform() < 0.15 ? Number.NaN : Math.fround(value))
  return matrix(rows, 4, Float64Array.from(values, odd))
}

const targetsOf = ({ rows, columns, values }: Matrix, of: (row: Float64Array) => number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) =>
    of(
      Float64Array.from(values.slice(row * columns, (row + 1) * columns), (value) => (Number.isNaN(value) ? 0 : value)),
    ),
  )

const amountOf = ([first, tail, code, last]: Float64Array): number =>
  0.5 + Math.abs(first! / 60 + 0.3 * tail! + (code! === 2 ? 2 : 0) + last! / 3)
const classOf = (row: Float64Array): number => Math.min(2, Math.floor(amountOf(row) / 1.2))
const labelOf = (row: Float64Array): number => Number(amountOf(row) + row[3]! > 1.6)

const full = drawRows(1, false)
const holed = drawRows(1, true)
const fresh = drawRows(2, false, 300)
const freshHoled = drawRows(3, true, 300)
const counts = { ...full, values: full.values.map((value) => Math.max(0, Math.round(value / 30))) }
const freshCounts = { ...fresh, values: fresh.values.map((value) => Math.max(0, Math.round(value / 30))) }
const labels = targetsOf(full, labelOf)
const classes = targetsOf(full, classOf)
const amounts = targetsOf(full, amountOf)
const trees = { rounds: 15, seed: 1, categorical: [2], rowsPerLeafMin: 5 }

const column = (values: ArrayLike<number>): Matrix => matrix(values.length, 1, Float64Array.from(values))

const boosted = async (loss: RegressionLoss): Promise<ExportedModel> => {
  const model = await fitBoostingRegression(holed, targetsOf(holed, amountOf), { ...trees, loss })
  return { model, rows: freshHoled, said: column(predictBoostingRegression(model, freshHoled)) }
}

const forest = (model: ForestModel): ExportedModel => ({
  model,
  rows: freshHoled,
  said: predictForest(model, freshHoled),
})

const bayes = (model: BayesModel, rows: Matrix): ExportedModel => ({ model, rows, said: predictBayes(model, rows) })

const calibrated = (model: Calibration): ExportedModel => {
  const rows = column([...fresh.values.filter((_, at) => at % 4 === 3), -50, 50, ...scores.slice(0, 20)])
  return { model, rows, said: column(applyCalibration(model, rows.values)) }
}
const betaCalibrated = (): ExportedModel => {
  const chances = scores.map((score) => 1 / (1 + Math.exp(-score)))
  const model = fitBetaCalibration(chances, labels)
  const rows = column([0, 1, 1e-300, 1e-9, 1 - 1e-12, ...chances.slice(0, 20)])
  return { model, rows, said: column(applyCalibration(model, rows.values)) }
}
const scores = Float64Array.from({ length: full.rows }, (_, row) => full.values[row * 4 + 3]!)

/** On one scale, as steps must be; in floats, as all rows. */
const scaledRows = (rows: Matrix): Matrix => ({
  ...rows,
  values: applyScaling(fitScaling(full), rows).values.map(Math.fround),
})

const applied = <Model extends OnnxModel>(
  model: Model,
  apply: (model: Model, rows: Matrix) => Matrix,
  rows = freshHoled,
): ExportedModel => ({ model, rows, said: apply(model, rows) })

/** Models of every kind that takes a matrix, by what they are. */
export const exportedModels: Readonly<Record<string, () => ExportedModel | Promise<ExportedModel>>> = {
  'least squares': () => {
    const model = fitLeastSquares(full, amounts)
    return { model, rows: fresh, said: column(predictLeastSquares(model, fresh)) }
  },
  'elastic net': () => {
    const model = fitElasticNet(full, amounts, { penalty: 0.05 })
    return { model, rows: fresh, said: column(predictElasticNet(model, fresh)) }
  },
  'logistic regression': () => {
    const model = fitLogistic(full, labels)
    return { model, rows: fresh, said: column(predictLogistic(model, fresh)) }
  },
  'FTRL-Proximal': () => {
    const model = fitOnlineLinear(scaledRows(full), labels, { loss: 'logistic', method: { kind: 'ftrl', l1: 0.5 } })
    return { model, rows: scaledRows(fresh), said: column(predictOnline(model, scaledRows(fresh))) }
  },
  'stochastic descent for a number': () => {
    const model = fitOnlineLinear(scaledRows(full), amounts, { loss: 'squared', method: { kind: 'sgd' } })
    return { model, rows: scaledRows(fresh), said: column(predictOnline(model, scaledRows(fresh))) }
  },
  'multinomial logistic regression': () => {
    const model = fitMultinomial(full, classes)
    return { model, rows: fresh, said: predictMultinomial(model, fresh) }
  },
  'Tweedie regression': () => {
    const model = fitGeneralisedLinear(full, amounts, { family: 'tweedie' })
    return { model, rows: fresh, said: column(predictGeneralisedLinear(model, fresh)) }
  },
  'a single tree': async () => forest(await fitTree(holed, targetsOf(holed, labelOf), { seed: 1, categorical: [2] })),
  'a forest of three classes': async () =>
    forest(await fitForest(holed, targetsOf(holed, classOf), { trees: 8, seed: 1, categorical: [2] })),
  'extra trees': async () =>
    forest(await fitForest(holed, targetsOf(holed, labelOf), { trees: 8, seed: 1, thresholds: 'random' })),
  'a forest of a number': async () => {
    const model = await fitForestRegression(holed, targetsOf(holed, amountOf), { trees: 8, seed: 1, categorical: [2] })
    return { model, rows: freshHoled, said: column(predictForestRegression(model, freshHoled)) }
  },
  boosting: async () => {
    const model = await fitBoosting(holed, targetsOf(holed, labelOf), trees)
    return { model, rows: freshHoled, said: column(predictBoosting(model, freshHoled)) }
  },
  'boosting of three classes': async () => {
    const model = await fitBoostingClasses(holed, targetsOf(holed, classOf), trees)
    return { model, rows: freshHoled, said: predictBoostingClasses(model, freshHoled) }
  },
  'boosting of a number': () => boosted({ kind: 'squared' }),
  'boosting of a median': () => boosted({ kind: 'absolute' }),
  'boosting with a Tweedie loss': () => boosted({ kind: 'tweedie', power: 1.5 }),
  'boosting of an order': async () => {
    const queries = Int32Array.from({ length: holed.rows }, (_, row) => Math.floor(row / 10))
    const model = await fitBoostingRanking(holed, targetsOf(holed, classOf), queries, trees)
    return { model, rows: freshHoled, said: column(predictBoostingMargin(model, freshHoled)) }
  },
  'k-means': async () => {
    const model = await fitKMeans(full, { clusters: 4, seed: 1 })
    const { labels, distances } = await assignKMeans(model, fresh)
    const said = matrix(fresh.rows, 2)
    labels.forEach((label, row) => {
      said.values.set([label, distances[row]!], 2 * row)
    })
    return { model, rows: fresh, said }
  },
  'Gaussian naive Bayes': () => bayes(fitGaussianBayes(holed, targetsOf(holed, classOf)), freshHoled),
  'multinomial naive Bayes': () => bayes(fitMultinomialBayes(counts, classes), freshCounts),
  'Bernoulli naive Bayes': () => bayes(fitBernoulliBayes(counts, classes), freshCounts),
  'Platt calibration': () => calibrated(fitPlatt(scores, labels)),
  'beta calibration': () => betaCalibrated(),
  'isotonic calibration': () => calibrated(fitIsotonic(scores, labels)),
  'standard scaling': () => applied(fitScaling(holed), applyScaling),
  'robust scaling': () => applied(fitScaling(holed, { method: 'robust' }), applyScaling),
  'min-max scaling': () => applied(fitScaling(holed, { method: 'min-max' }), applyScaling),
  'quantile scaling': () => applied(fitQuantiles(holed), applyQuantiles),
  'quantile scaling of repeated values': () =>
    applied(fitQuantiles(counts, { quantiles: 50 }), applyQuantiles, freshCounts),
  'Yeo-Johnson': () => applied(fitPower(holed), applyPower),
  log1p: () => applied(fitPower(counts, { method: 'log1p' }), applyPower, freshCounts),
  binning: () => applied(fitBinning(holed), applyBinning),
  'one-hot binning': () => applied(fitBinning(holed, { output: 'one-hot' }), applyBinning),
  imputation: () => applied(fitImputation(holed, { indicators: true }), applyImputation),
}
