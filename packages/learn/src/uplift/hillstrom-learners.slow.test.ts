import { expect, test } from 'vitest'
import { loadHillstrom } from '../../../../tooling/hillstrom-email.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { isReached, learnerFigures } from './hillstrom-learners.contract.ts'

// Reference: the data set's README, two logistic regressions and a class transformation by scikit-learn and scikit-uplift.
test.skipIf(withoutData)('hillstrom_email: learners are not below the reference learners', async () => {
  const figures = await learnerFigures(loadHillstrom())
  console.log('hillstrom_email, learners:', figures)
  expect(figures.filter((one) => !isReached(one))).toEqual([])
})
