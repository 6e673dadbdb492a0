import { matrix, takeRows } from '@rapport/numerics'
import { fitAls, recommendAls } from '../../packages/learn/src/factorization/index.ts'
import { fitLogistic, predictLogistic } from '../../packages/learn/src/linear/index.ts'
import {
  brier,
  logLoss,
  metricValue,
  type RankingQuality,
  rankingQuality,
  rocAuc,
} from '../../packages/learn/src/metrics/index.ts'
import {
  applyPreparation,
  fitPreparation,
  linearPlan,
  table,
  takeTableRows,
} from '../../packages/learn/src/preparation/index.ts'
import {
  fitItemItem,
  fitPopularity,
  recommendItemItem,
  recommendPopular,
} from '../../packages/learn/src/recommenders/index.ts'
import { readMovielens, splitStratified, takenBy } from '../../packages/learn/src/recommenders/movielens.contract.ts'
import { fitBoosting, predictBoosting } from '../../packages/learn/src/trees/index.ts'
import { loadTelcoChurn, type TelcoChurn } from '../telco-churn.ts'
import { type Measured, needsData, prove } from './record.ts'

// telco_churn by the protocol of its README: five folds by row index modulo 5, AUC as the mean of the folds, log loss
// and Brier over all rows as predicted out of fold; nothing is learned outside the training folds.

interface Reference {
  readonly auc: number
  readonly logLoss: number
  readonly brier: number
}

type Predict = (churn: TelcoChurn, train: readonly number[], tested: readonly number[]) => Promise<Float64Array>

async function measureChurn(predict: Predict, reference: Reference): Promise<Measured> {
  const churn = loadTelcoChurn()
  const { labels, fold } = churn
  const every = Array.from(labels, (_, row) => row)
  const predicted = new Float64Array(labels.length)
  const areas: number[] = []
  for (let held = 0; held < 5; held += 1) {
    const train = every.filter((row) => fold[row] !== held)
    const tested = every.filter((row) => fold[row] === held)
    const probabilities = await predict(churn, train, tested)
    const testedLabels = tested.map((row) => labels[row]!)
    areas.push(metricValue(rocAuc(probabilities, testedLabels)))
    tested.forEach((row, at) => {
      predicted[row] = probabilities[at]!
    })
  }
  const auc = areas.reduce((sum, area) => sum + area, 0) / areas.length
  const loss = metricValue(logLoss(predicted, labels))
  const square = metricValue(brier(predicted, labels))
  return {
    figure:
      `AUC ${auc.toFixed(4)} (reference ${reference.auc}), log loss ${loss.toFixed(4)} (${reference.logLoss}), ` +
      `Brier ${square.toFixed(4)} (${reference.brier})`,
    isMet: auc >= reference.auc - 0.002 && loss <= reference.logLoss + 0.001 && square <= reference.brier + 0.001,
  }
}

const target = 'AUC within 0.002 of the reference or better, log loss and Brier at most 0.001 above it'

prove({
  name: 'telco-logistic',
  claim: `logistic regression with its defaults: ${target}`,
  cannot: needsData,
  measure: () =>
    measureChurn(
      async ({ columns, labels }, train, tested) => {
        const customers = table(columns)
        const training = takeTableRows(customers, train)
        const preparation = fitPreparation(training, linearPlan(training))
        const model = fitLogistic(
          applyPreparation(preparation, training),
          train.map((row) => labels[row]!),
        )
        return predictLogistic(model, applyPreparation(preparation, takeTableRows(customers, tested)))
      },
      { auc: 0.8452, logLoss: 0.4174, brier: 0.1355 },
    ),
})

function codesOf(cells: readonly (string | null)[]): number[] {
  const names = [...new Set(cells)].filter((name) => name !== null).sort()
  return cells.map((cell) => (cell === null ? Number.NaN : names.indexOf(cell)))
}

prove({
  name: 'telco-boosting',
  claim: `boosting with its defaults, text as categories: ${target}`,
  cannot: needsData,
  measure: () =>
    measureChurn(
      async ({ columns, labels }, train, tested) => {
        const values = new Float64Array(labels.length * columns.length)
        columns.forEach((column, at) => {
          const codes = column.kind === 'number' ? column.values : codesOf(column.values)
          codes.forEach((value, row) => {
            values[row * columns.length + at] = value
          })
        })
        const data = matrix(labels.length, columns.length, values)
        const categorical = columns.flatMap((column, at) => (column.kind === 'text' ? [at] : []))
        const trainingLabels = train.map((row) => labels[row]!)
        const model = await fitBoosting(takeRows(data, Int32Array.from(train)), trainingLabels, {
          categorical,
          seed: 1,
        })
        return predictBoosting(model, takeRows(data, Int32Array.from(tested)))
      },
      // The README gives no Brier score; this is the best of scikit-learn on these folds: golden/make/boosting-telco.py.
      { auc: 0.8341, logLoss: 0.4344, brier: 0.1394 },
    ),
})

// The ranking protocol of recommenders-team/recommenders, as its README has it: 75/25 by user, k = 10.
const published = {
  BiVAE: { map: 0.146126, ndcg: 0.475077, precision: 0.411771, recall: 0.219145 },
  BPR: { map: 0.132478, ndcg: 0.441997, precision: 0.388229, recall: 0.212522 },
  SAR: { map: 0.110591, ndcg: 0.382461, precision: 0.330753, recall: 0.176385 },
  NCF: { map: 0.10772, ndcg: 0.396118, precision: 0.347296, recall: 0.180775 },
  LightGCN: { map: 0.088526, ndcg: 0.419846, precision: 0.379626, recall: 0.144336 },
} as const
const measures = ['map', 'ndcg', 'precision', 'recall'] as const

type Ranked = Pick<RankingQuality & { judged: true }, (typeof measures)[number]>

const words = (name: string, values: readonly number[]): string =>
  `${name} ${values.map((value) => value.toFixed(4)).join(' / ')}`

prove({
  name: 'movielens-ranking',
  claim:
    'ALS and item-item with their defaults on the ranking protocol of the README, beside its table (MAP / nDCG / precision / recall at 10); both above popularity',
  cannot: needsData,
  measure: async () => {
    const { train, test } = splitStratified(readMovielens(), 42)
    const history = takenBy(train)
    const later = takenBy(test)
    const judged = (name: string, recommended: Parameters<typeof rankingQuality>[0]): Ranked => {
      const quality = rankingQuality(recommended, later)
      if (!quality.judged) throw new Error(`${name} could not be judged`)
      return quality
    }
    const found = {
      ALS: judged('ALS', await recommendAls(await fitAls(history, { seed: 1 }), history)),
      'item-item': judged('item-item', await recommendItemItem(await fitItemItem(history), history)),
      popularity: judged('popularity', await recommendPopular(fitPopularity(history), history)),
    }
    const ours = Object.entries(found).map(([name, quality]) =>
      words(
        name,
        measures.map((measure) => quality[measure].mean),
      ),
    )
    const theirs = Object.entries(published).map(([name, values]) =>
      words(
        name,
        measures.map((measure) => values[measure]),
      ),
    )
    const floor = found.popularity.ndcg.high
    return {
      figure: `${ours.join(', ')}. Published: ${theirs.join(', ')}`,
      isMet: found.ALS.ndcg.mean > floor && found['item-item'].ndcg.mean > floor,
    }
  },
})
