import { expect, test } from 'vitest'
import { byLogistic, judgeOutOfFold, references, shortfalls } from '../../../../tooling/out-of-fold.ts'
import { withoutData } from '../../../../tooling/test-data.ts'

// References: the data sets' READMEs, scikit-learn 1.2.1 with C = 1, one-hot, standardised, median imputation, on the same
// folds. Allowed: AUC 0.002 and log loss 0.001 on the wrong side.
test.skipIf(withoutData).each(['telco', 'leads', 'shoppers', 'adult'] as const)(
  '%s: logistic regression with its defaults meets the published figures',
  async (name) => {
    const found = await judgeOutOfFold(name, byLogistic)
    console.log(`${name}, logistic regression:`, found)
    expect(shortfalls(found, references[name].logistic)).toEqual([])
  },
)
