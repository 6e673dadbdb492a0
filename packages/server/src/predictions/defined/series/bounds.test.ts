import { expect, test } from 'vitest'
import { boundLimits } from './bounds.ts'

const told = { moments: 20, coverage: 0.8, ownCoverage: 0.6, factor: 1.3, totalCoverage: 0.875, totalsJudged: 8 }

test('bounds that hold about what they are to need no warning, nor do those of which nothing is known', () => {
  expect(boundLimits(told)).toEqual([])
  expect(boundLimits({ ...told, coverage: null, totalCoverage: null, totalsJudged: 0 })).toEqual([])
})

test('of bounds that held too little or too much the card says how much they held', () => {
  expect(boundLimits({ ...told, coverage: 0.679, totalCoverage: 0.375 })).toEqual([
    'its 80 % bounds held 68 % of the newest days, which were less like the days before than usual: take them as too narrow',
    'its 80 % bounds of totals held 3 of the newest 8, which overlap: take them as too narrow',
  ])
  expect(boundLimits({ ...told, coverage: 0.95 })).toEqual([
    'its 80 % bounds held 95 % of the newest days: take them as wider than they need be',
  ])
})
