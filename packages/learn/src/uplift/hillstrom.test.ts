import { expect, test } from 'vitest'
import { loadHillstrom } from '../../../../tooling/hillstrom-email.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { armFigures, fixedScoreFigures, isAsPublished } from './hillstrom.contract.ts'

// Reference: the data set's README, scipy and scikit-uplift, to every digit that it prints.
test.skipIf(withoutData)('hillstrom_email: arms, and measures of fixed scores, as published', () => {
  const customers = loadHillstrom()
  const figures = [...armFigures(customers), ...fixedScoreFigures(customers)]
  expect(figures).toHaveLength(40)
  expect(figures.filter((figure) => !isAsPublished(figure))).toEqual([])
})
