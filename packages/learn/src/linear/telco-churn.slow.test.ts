import { expect, test } from 'vitest'
import { loadTelcoChurn } from '../../../../tooling/telco-churn.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { brier, confusion, lift, logLoss, metricValue, prAuc, rocAuc } from '../metrics/index.ts'
import { applyPreparation, fitPreparation, linearPlan, table, takeTableRows } from '../preparation/index.ts'
import { fitLogistic, predictLogistic } from './index.ts'

// Reference: the data set's README, scikit-learn 1.2.1 with C = 1, one-hot, standardised, median imputation; AUC is the
// mean of the five folds, the other figures are pooled over the rows as predicted out of fold.
const reference = {
  auc: 0.8452,
  logLoss: 0.4174,
  brier: 0.1355,
  averagePrecision: 0.6522,
  accuracy: 0.8048,
  lift: 2.869,
}

function outOfFold() {
  const { columns, labels, fold } = loadTelcoChurn()
  const customers = table(columns)
  const every = Array.from(labels, (_, row) => row)
  const predicted = new Float64Array(labels.length)
  let aucs = 0
  for (let held = 0; held < 5; held += 1) {
    const train = every.filter((row) => fold[row] !== held)
    const tested = every.filter((row) => fold[row] === held)
    const training = takeTableRows(customers, train)
    // Everything that is learned, medians and categories too, is learned from the four other folds.
    const preparation = fitPreparation(training, linearPlan(training))
    const model = fitLogistic(
      applyPreparation(preparation, training),
      train.map((row) => labels[row]!),
    )
    const probabilities = predictLogistic(model, applyPreparation(preparation, takeTableRows(customers, tested)))
    aucs += metricValue(
      rocAuc(
        probabilities,
        tested.map((row) => labels[row]!),
      ),
    )
    tested.forEach((row, at) => {
      predicted[row] = probabilities[at]!
    })
  }
  return { labels, predicted, auc: aucs / 5 }
}

test.skipIf(withoutData)('telco_churn: logistic regression meets the published figures', () => {
  const { labels, predicted, auc } = outOfFold()
  const figures = {
    auc,
    logLoss: metricValue(logLoss(predicted, labels)),
    brier: metricValue(brier(predicted, labels)),
    averagePrecision: metricValue(prAuc(predicted, labels)),
    accuracy: metricValue(confusion(predicted, labels).accuracy),
    lift: metricValue(lift(predicted, labels, { share: 0.1 })),
  }
  console.log('telco_churn, logistic regression:', figures)
  expect(figures.auc).toBeGreaterThan(reference.auc - 0.002)
  expect(figures.logLoss).toBeLessThan(reference.logLoss + 0.001)
  expect(figures.brier).toBeLessThan(reference.brier + 0.001)
  expect(figures.averagePrecision).toBeGreaterThan(reference.averagePrecision - 0.005)
  expect(figures.accuracy).toBeGreaterThan(reference.accuracy - 0.003)
  expect(figures.lift).toBeGreaterThan(reference.lift - 0.03)
})
