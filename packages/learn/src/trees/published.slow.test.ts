import { expect, test } from 'vitest'
import { byBoosting, byCodes, judgeOutOfFold, references, shortfalls } from '../../../../tooling/out-of-fold.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitForest } from './forest/fit-forest.ts'
import { predictForest } from './forest/predict-forest.ts'

// References: the data sets' READMEs, scikit-learn 1.2.1 HistGradientBoosting of 100 trees on the same folds. Allowed: AUC
// 0.002 and log loss 0.001 on the wrong side.
test.skipIf(withoutData).each(['telco', 'leads', 'shoppers', 'adult'] as const)(
  '%s: boosting with its defaults is as good as the reference, on its folds',
  async (name) => {
    const found = await judgeOutOfFold(name, byBoosting)
    console.log(`${name}, boosting:`, found)
    expect(shortfalls(found, references[name].boosting)).toEqual([])
  },
)

// scikit-learn 1.9.1 with 100 trees, leaves of at least 10 rows and text as codes: golden/make/forest-telco.py. A forest's
// log loss varies from seed to seed, by about 0.001.
test.skipIf(withoutData).each([
  { thresholds: 'best', peer: { auc: 0.8455, logLoss: 0.4161 + 0.001, brier: 0.1348 } },
  { thresholds: 'random', peer: { auc: 0.8431, logLoss: 0.4198 + 0.001, brier: 0.1363 } },
] as const)('telco: a forest with $thresholds thresholds is as good as that of scikit-learn', async (forest) => {
  const { thresholds, peer } = forest
  const byForest = byCodes(async (training, labels, tested, categorical) => {
    const model = await fitForest(training, labels, { thresholds, categorical, rowsPerLeafMin: 10, seed: 1 })
    return Float64Array.from(predictForest(model, tested).values.filter((_, at) => at % 2 === 1))
  })
  const found = await judgeOutOfFold('telco', byForest)
  console.log(`telco, forest with ${thresholds} thresholds:`, found)
  expect(shortfalls(found, peer)).toEqual([])
})
