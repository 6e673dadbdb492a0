import type { Analysis } from '../analysis.ts'
import { asOf, day, interval, range, wave } from './made-up.contract.ts'

const candidate = (
  name: string,
  strength: number,
): Extract<Analysis['predictions']['lapse'], { found: true }>['candidates'][number] => ({
  name,
  rocAuc: 0.5 + strength / 2,
  rocAucInterval: interval(0.48 + strength / 2, 0.52 + strength / 2),
  prAuc: 0.5 + 0.4 * strength,
  logLoss: 0.66 - 0.2 * strength,
  brier: 0.24 - 0.08 * strength,
  liftTop10: 1.2 + strength,
  precision: 0.61,
  recall: 0.58,
  f1: 0.595,
  roc: {
    falsePositive: range(60, (at) => at / 59),
    truePositive: range(60, (at) => (at / 59) ** (1 - 0.75 * strength)),
  },
  calibration: range(10, (at) => ({
    predicted: 0.05 + 0.1 * at,
    seen: 0.06 + 0.09 * at,
    interval: interval(Math.max(0, 0.09 * at), 0.14 + 0.085 * at),
    customers: 190,
  })),
  gain: range(11, (at) => ({ share: at / 10, found: (at / 10) ** (1 - 0.6 * strength) })),
})

export const lapse: Analysis['predictions']['lapse'] = {
  found: true,
  activeDays: 180,
  horizonDays: 90,
  chosenBy: 'Both were chosen on the training period: nine in ten repeat purchases come within 86 days.',
  trainedAsOf: asOf - 180 * day,
  trainingCuts: [asOf - 180 * day, asOf - 270 * day, asOf - 360 * day],
  testedAsOf: asOf - 90 * day,
  trainingCustomers: 1_720,
  testCustomers: 1_904,
  lapsedShareTraining: 0.44,
  lapsedShareTest: 0.46,
  windowsBeyondHistory: ['orders in the last 365 days'],
  candidates: [
    candidate('recency only', 0.3),
    candidate('logistic regression', 0.52),
    candidate('gradient boosting', 0.56),
  ],
  chosen: 'gradient boosting',
  chosenBecause: 'Gradient boosting is published: its log loss in the folds of the training data is the lowest.',
  modelId: 'lapse-1',
  drivers: [
    'days since the last order',
    'orders in the last 90 days',
    'days between orders',
    'tenure',
    'discount share',
    'support tickets',
  ].map((label, at) => ({ feature: label.replaceAll(' ', '_'), label, importance: 0.34 / (at + 1) })),
  falseDriverRate: 0.05,
  scored: 1_980,
  expectedLapses: 874,
  histogram: range(10, (at) => ({ from: at / 10, to: (at + 1) / 10, customers: Math.round(120 + 160 * wave(at)) })),
  examples: range(8, (at) => ({
    customerId: `customer-${4_100 + at}`,
    probability: 0.97 - 0.01 * at,
    reasons: at === 7 ? [] : ['last order 171 days ago', 'one order in all', 'two returns'],
  })),
}

export const lifetime: Extract<Analysis['predictions']['lifetime'], { found: true }> = {
  found: true,
  model: 'mbg-nbd',
  parameters: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614, p: 3.7, q: 4.2, gamma: 41.8 },
  horizonDays: 365,
  margin: 0.39,
  refundShare: 0.05,
  discountRatePerYear: 0.1,
  currency: 'GBP',
  spendFrom: {
    basis: 'all-purchases',
    firstToLater: { value: 0.97, interval: interval(0.93, 1.02), customers: 1_840 },
  },
  independence: {
    correlation: 0.06,
    interval: interval(0.01, 0.11),
    verdict:
      'spend per purchase hardly depends on how often customers buy (rank correlation 0.06, 95 % interval 0.01 to 0.11): the model takes it for independent, and up to ±0.2 does little harm',
  },
  holdOut: {
    cut: asOf - 180 * day,
    days: 180,
    customers: 3_640,
    purchases: { predicted: 2_690, actual: 2_744, mae: 0.61, maeBaseline: 0.93 },
    spend: { predicted: 158_400, actual: 162_020, mae: 41.3, maeBaseline: 66.8 },
    rankCorrelation: { model: 0.57, baseline: 0.41 },
    byFrequency: ['0', '1', '2', '3', '4', '5', '6', '7+'].map((frequency, at) => ({
      frequency,
      predicted: 0.21 + 0.44 * at,
      actual: 0.19 + 0.46 * at,
      customers: Math.round(1_900 / (at + 1)),
    })),
    coverage80: 0.83,
  },
  modelId: 'lifetime-1',
  customers: 4_310,
  totalValue: 131_200,
  totalInterval: interval(124_900, 138_400),
  aliveShare: 0.58,
  concentration: [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1].map((share) => ({ share, value: share ** 0.42 })),
  histogram: range(12, (at) => ({ from: at * 20, to: (at + 1) * 20, customers: Math.round(1_600 / (at + 1)) })),
  top: range(10, (at) => ({
    customerId: `customer-${100 + at}`,
    value: 612 - 30 * at,
    interval: interval(420 - 25 * at, 830 - 35 * at),
    probabilityAlive: 0.99 - 0.01 * at,
    expectedPurchases: 14 - at,
  })),
}
