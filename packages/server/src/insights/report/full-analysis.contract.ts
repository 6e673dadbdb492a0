import type { Analysis } from '../analysis.ts'
import type { PlanEntry } from '../plan.ts'

/** A plausible analysis of a small shop, with every part found, made by rule so that it is the same each time. */
export const day = 86_400_000
const asOf = Date.UTC(2025, 8, 14)
const interval = (low: number, high: number) => ({ low, high })
const range = <Value>(length: number, make: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => make(at))
const wave = (at: number): number => Math.abs(Math.sin(at * 12.9898) * 43758.5453) % 1
const monthOf = (at: number): string => new Date(Date.UTC(2024, 2 + at, 1)).toISOString().slice(0, 7)

const measures = (scale: number): Analysis['firstLook']['current'] => ({
  revenue: 184_230.4 * scale,
  orders: Math.round(3_120 * scale),
  averageOrderValue: 59.05,
  customers: Math.round(1_904 * scale),
  repeatRate: 0.412,
  newCustomers: Math.round(388 * scale),
  returningRevenueShare: 0.71 / scale,
  refunds: 9_310.2 * scale,
  refundRate: 0.0505,
  unknownRevenueShare: 0.083,
  profit: 71_400 * scale,
})

const breakdown = (values: readonly string[]): Analysis['firstLook']['bySource'] =>
  values.map((value, at) => ({
    value,
    revenue: 70_000 / (at + 1),
    orders: Math.round(1_200 / (at + 1)),
    share: 0.38 / (at + 1),
    previousRevenue: 64_000 / (at + 1),
  }))

const firstLook: Analysis['firstLook'] = {
  currency: 'GBP',
  timezone: 'Europe/London',
  from: Date.UTC(2024, 2, 4),
  to: asOf - 1,
  asOf,
  otherCurrencies: [{ currency: 'EUR', orders: 41 }],
  total: measures(5),
  periodDays: 90,
  current: measures(1),
  previous: measures(0.9),
  months: range(19, (at) => {
    const revenue = 42_000 + 18_000 * Math.sin(at / 2) + 900 * at
    const newRevenue = revenue * (0.5 - 0.015 * at)
    return {
      month: monthOf(at),
      revenue,
      newRevenue,
      returningRevenue: revenue * 0.92 - newRevenue,
      unknownRevenue: revenue * 0.08,
      refunds: revenue * 0.05,
      orders: Math.round(revenue / 59),
      newCustomers: 260 - 6 * at,
      isPartial: at === 0 || at === 18,
    }
  }),
  bySource: breakdown(['Search', 'Email', 'Direct', 'Social', 'Affiliate']),
  byCountry: breakdown(['United Kingdom', 'Ireland', 'Germany', 'France', 'Netherlands', 'Spain', 'Italy', 'Portugal']),
  byCategory: breakdown(['Women > Dresses', 'Men > Shirts', 'Shoes', 'Accessories > Bags and small leather goods']),
  cohorts: range(19, (at) => ({
    month: monthOf(at),
    customers: 260 - 6 * at,
    retention: range(19 - at, (later) =>
      later === 0 ? 1 : later === 18 - at ? null : 0.08 + 0.26 / (later + 0.6) + 0.03 * wave(at * 19 + later),
    ),
  })),
  hours: range(168, (at) => {
    const hour = at % 24
    return Math.round(
      (hour < 7 ? 2 : 30 + 60 * Math.exp(-((hour - 20) ** 2) / 9)) * (at >= 120 ? 1.4 : 1) * (0.8 + 0.4 * wave(at)),
    )
  }),
}

const names = [
  'Champions',
  'Loyal customers',
  'Potential loyalists',
  'New customers',
  'At risk',
  'Hibernating',
  'Lost',
  'Others',
]

const segments: Analysis['segments'] = {
  asOf,
  currency: 'GBP',
  buyers: 4_310,
  revenue: 921_152,
  rfm: {
    found: true,
    bins: 5,
    rules: names.map((name) => ({ name, recency: [1, 5], frequency: [1, 5], monetary: [1, 5] })),
    notes: ['Over half of all buyers have ordered once: the lower frequency scores hold the same number of orders.'],
    segments: names.map((name, at) => ({
      id: `rfm.${name.toLowerCase().replaceAll(' ', '-')}`,
      name,
      words: `recency score ${Math.max(1, 5 - at)}, frequency score 4 to 5, monetary score any`,
      customers: at === 7 ? 0 : 900 - 90 * at,
      share: at === 7 ? 0 : 0.22 - 0.02 * at,
      revenue: at === 7 ? 0 : 360_000 / (at + 1),
      revenueShare: at === 7 ? 0 : 0.39 / (at + 1),
      averageRecencyDays: at === 7 ? null : 12 + 44 * at,
      averageOrders: at === 7 ? null : 8.4 / (at + 1),
      averageSpend: at === 7 ? null : 402 / (at + 1),
    })),
    heatmap: range(25, (at) => ({
      recencyScore: Math.floor(at / 5) + 1,
      frequencyScore: (at % 5) + 1,
      customers: at === 4 ? 0 : Math.round(40 + 260 * wave(at)),
      averageSpend: at === 4 ? null : 40 + 60 * (at % 5),
    })),
  },
  discovered: {
    found: true,
    k: 4,
    verdict:
      'Four groups: the silhouette (0.31) is well above that of shuffled data (0.14), and resampling finds the same groups again.',
    candidates: range(5, (at) => ({
      k: at + 2,
      silhouette: 0.24 + 0.07 * Math.exp(-((at - 2) ** 2)),
      daviesBouldin: 1.4 - 0.2 * Math.exp(-((at - 2) ** 2)),
      calinskiHarabasz: 900 + 200 * at,
      stability: at === 4 ? null : 0.86 - 0.03 * at,
      nullSilhouette: at === 4 ? null : 0.14,
    })),
    stability: 0.81,
    features: ['days since the last order', 'orders in all', 'average order value', 'discount share'].map((label) => ({
      feature: label.replaceAll(' ', '_'),
      label,
    })),
    segments: ['Frequent orders, high spend', 'Discount hunters', 'One big basket', 'Quiet newcomers'].map(
      (name, at) => ({
        id: `discovered.${at + 1}`,
        name,
        customers: 1_500 - 280 * at,
        share: 0.35 - 0.06 * at,
        revenue: 400_000 / (at + 1),
        revenueShare: 0.43 / (at + 1),
        profit: at === 3 ? null : 160_000 / (at + 1),
        profitUnknownBecause: at === 3 ? '12 sold lines have no unit cost' : null,
        stability: at === 3 ? null : 0.9 - 0.05 * at,
        profile: [
          'orders in all',
          'spend in all',
          'discount share',
          'days since the last order',
          'average order value',
          'orders in the evening',
        ].map((label, feature) => ({
          feature: label.replaceAll(' ', '_'),
          label,
          unit: ['orders', 'money', 'share', 'days', 'money', 'share'][feature]!,
          mean: [6.2, 410, 0.18, 31, 66, 0.41][feature]! * (1 + 0.2 * at),
          overallMean: [2.9, 214, 0.11, 88, 59, 0.37][feature]!,
          effect: (1.4 - 0.3 * feature) * (at % 2 === 0 ? 1 : -1),
        })),
      }),
    ),
    map: {
      x: range(800, (at) => (at % 4) * 1.6 + 1.8 * wave(at)),
      y: range(800, (at) => ((at % 4) % 2) * 1.8 + 1.9 * wave(at + 5_000)),
      segment: range(800, (at) => at % 4),
      explained: 0.54,
    },
    modelId: 'segments-1',
  },
  rules: ['Frequent buyers', 'First-time visitors', 'Cart abandoners', 'Engaged'].map((name, at) => ({
    id: `rule.${name.toLowerCase().replaceAll(' ', '-')}`,
    name,
    words: [
      'at least 3 orders in the last 365 days',
      'one session and no order',
      'a checkout started in the last 7 days and no order since',
      'opened or clicked an email in the last 30 days',
    ][at]!,
    customers: 820 - 150 * at,
    share: 0.16 - 0.03 * at,
    revenue: at === 1 ? 0 : 90_000 / (at + 1),
    averageOrders: at === 1 ? null : 3.2,
    averageSpend: at === 1 ? null : 188,
  })),
}

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

const lapse: Analysis['predictions']['lapse'] = {
  found: true,
  activeDays: 180,
  horizonDays: 90,
  chosenBy: 'Both were chosen on the training period: nine in ten repeat purchases come within 86 days.',
  trainedAsOf: asOf - 180 * day,
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
  scored: 1_980,
  expectedLapses: 874,
  histogram: range(10, (at) => ({ from: at / 10, to: (at + 1) / 10, customers: Math.round(120 + 160 * wave(at)) })),
  examples: range(8, (at) => ({
    customerId: `customer-${4_100 + at}`,
    probability: 0.97 - 0.01 * at,
    reasons: at === 7 ? [] : ['last order 171 days ago', 'one order in all', 'two returns'],
  })),
}

const lifetime: Extract<Analysis['predictions']['lifetime'], { found: true }> = {
  found: true,
  model: 'mbg-nbd',
  parameters: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614, p: 3.7, q: 4.2, gamma: 41.8 },
  horizonDays: 365,
  margin: 0.39,
  refundShare: 0.05,
  discountRatePerYear: 0.1,
  currency: 'GBP',
  independence: {
    correlation: 0.06,
    interval: interval(0.01, 0.11),
    verdict: 'Spend hardly depends on how often customers buy, so the model’s assumption holds well enough.',
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

const product = (at: number) => ({
  productId: `p-${at}`,
  name: ['Linen shirt', 'Silk scarf', 'Canvas tote bag', 'Leather belt', 'Wool cardigan', 'Running shoes'][at % 6]!,
})
const ranking = (
  name: string,
  ndcg: number,
): Extract<Analysis['recommendations'], { found: true }>['newProducts'][number] => ({
  name,
  recall: ndcg * 1.3,
  ndcg,
  map: ndcg * 0.6,
  hitRate: ndcg * 3,
  ndcgMargin: 0.006,
  coverage: 0.4,
})

const recommendations: Analysis['recommendations'] = {
  found: true,
  cut: asOf - 60 * day,
  k: 10,
  customersTested: 1_204,
  newProducts: [ranking('popularity', 0.061), ranking('item-item', 0.094), ranking('als', 0.088)],
  repeatPurchases: [
    ranking('popularity', 0.08),
    ranking('item-item', 0.21),
    ranking('als', 0.17),
    ranking('last bought', 0.28),
  ],
  chosen: 'item-item',
  chosenBecause:
    'Item-item is used: it ranks new products best, and the difference from popularity lies outside chance.',
  modelId: 'recommend-1',
  products: 412,
  leftOut: { notProducts: 3, unavailable: 28, mostlyReturned: 5 },
  customersServed: 4_310,
  customersByPopularity: 212,
  mostRecommended: range(6, (at) => ({ ...product(at), customers: 900 - 100 * at })),
  boughtTogether: range(6, (at) => ({
    first: product(at),
    second: product(at + 1),
    orders: 96 - 9 * at,
    lift: 4.2 - 0.4 * at,
  })),
  examples: range(4, (at) => ({
    customerId: `customer-${700 + at}`,
    products: range(3, (place) => ({ ...product(at + place), because: place === 2 ? null : product(at + place + 1) })),
  })),
}

const planEntry = (family: PlanEntry['family'], segment: string, at: number): PlanEntry => ({
  segmentId: `${family}.${at + 1}`,
  family,
  segment,
  customers: 900 - 110 * at,
  contactable: 640 - 90 * at,
  goal: {
    id: at === 5 ? 'rest' : 'win-back',
    title: at === 5 ? 'Leave them be' : 'Win them back before they are gone',
    because:
      at === 5 ? 'they buy as often as ever' : '61 % are expected to lapse, 44 % of all; they spent 2.1 times the mean',
    action: 'Write once with what is new in what they bought before; stop after two messages without an answer.',
  },
  offer: {
    discount: 0.1,
    words: 'show Linen shirt, Silk scarf; test 10 % off against no discount',
    products: [product(0), product(1)],
  },
  timing:
    at === 4
      ? null
      : {
          weekday: 'Sunday',
          from: 20,
          until: 24,
          share: 0.06,
          shopShare: 0.05,
          words:
            'Sunday, 20:00–24:00: when they buy (71 % their own 482 orders, the rest everyone’s), taken as a proxy for when they read',
        },
  valueAtStake:
    at === 4
      ? { amount: null, words: 'not known: the history is too short for lifetime values' }
      : {
          amount: 48_200 / (at + 1),
          words:
            'expected profit of these customers, weighed by their probability of lapsing: what is at risk, not what a campaign would bring',
        },
  breakEven:
    at === 3
      ? { known: false, because: 'unit costs are missing' }
      : {
          known: true,
          lift: 0.0124,
          words: 'of response on top pay for the discount to those who would have bought anyway',
        },
  experiment:
    at === 3
      ? { possible: false, because: 'there is nobody who may be written to' }
      : {
          possible: true,
          holdOutShare: 0.2,
          detectableLift: 0.031,
          days: 60,
          words:
            'leave out 20 % by chance; after 60 days a lift of 3.1 points or more would show (power 0.8, significance 0.05)',
        },
  cautions:
    at === 1 ? [] : [`${640 - 90 * at} of ${900 - 110 * at} have agreed to email; the others must not be written to`],
})

const quality: Analysis['quality'] = {
  asOf,
  tables: ['order_lines', 'customers'].map((table) => ({
    table,
    rows: 31_204,
    columns: [
      {
        name: 'order_id',
        type: 'text',
        missing: 0,
        distinct: 15_600,
        least: 'O-1',
        greatest: 'O-9999',
        median: null,
        outliers: null,
      },
      {
        name: 'quantity',
        type: 'number',
        missing: 0,
        distinct: 14,
        least: '-4',
        greatest: '40',
        median: 1,
        outliers: { count: 12, below: -3, above: 9 },
      },
      {
        name: 'amount',
        type: 'money',
        missing: 3,
        distinct: 900,
        least: '-80.5',
        greatest: '1290',
        median: 42.5,
        outliers: { count: 88, below: -60, above: 210 },
      },
      {
        name: 'occurred_at',
        type: 'moment',
        missing: 0,
        distinct: 15_602,
        least: '2024-03-04T07:01:00Z',
        greatest: '2025-09-13T22:40:00Z',
        median: null,
        outliers: null,
      },
    ],
  })),
  findings: [
    {
      id: 'lines.no-customer',
      severity: 'warning',
      title: 'Sales without a customer',
      count: 2_590,
      of: 31_204,
      unit: 'lines',
      examples: ['O-17', 'O-44'],
      effect: 'They count in revenue and are left out of every customer model.',
    },
    {
      id: 'gaps',
      severity: 'serious',
      title: 'Days without any sale',
      count: 9,
      of: 560,
      unit: 'days',
      examples: ['2025-01-02'],
      effect:
        'Nine days in a row have no order: perhaps a file is missing. Lapse and lifetime models would take them for quiet days.',
    },
    {
      id: 'codes',
      severity: 'note',
      title: 'Codes that are no products',
      count: 3,
      of: 415,
      unit: 'products',
      examples: ['POSTAGE'],
      effect: 'Left out of recommendations.',
    },
  ],
  balance: [
    { target: 'lapse', definition: 'no purchase in the 90 days after the cut', customers: 1_720, positive: 757 },
    {
      target: 'second purchase',
      definition: 'a second order within 60 days of the first',
      customers: 0,
      positive: 0,
      because: 'nobody has been a customer for 60 days',
    },
  ],
  representativeness: {
    knownRevenueShare: 0.917,
    knownOrderShare: 0.904,
    dimensions: [
      { name: 'country', distance: 0.04, largest: { value: 'Ireland', known: 0.09, all: 0.12 } },
      { name: 'category', distance: 0.01, largest: null },
    ],
  },
  sinceLastImport: [{ measure: 'lines a day', before: 58.1, now: 61.4 }],
  cleaning: [
    {
      id: 'repeated-lines',
      title: 'Leave out repeated lines',
      isOn: false,
      lines: 41,
      effect: 'Revenue would fall by 0.1 %.',
    },
  ],
}

export const fullAnalysis: Analysis = {
  format: 1,
  version: '0.1.0',
  createdAt: asOf + 7_200_000,
  asOf,
  seed: 1,
  simulated: null,
  firstLook,
  quality,
  segments,
  predictions: { lapse, lifetime },
  recommendations,
  plan: [
    ...['Frequent orders, high spend', 'Discount hunters', 'One big basket', 'Quiet newcomers'].map((name, at) =>
      planEntry('discovered', name, at),
    ),
    ...['Champions', 'At risk', 'Hibernating', 'Lost', 'New customers', 'Loyal customers'].map((name, at) =>
      planEntry('rfm', name, at),
    ),
  ],
  timings: [
    { stage: 'first look', seconds: 0.41 },
    { stage: 'features', seconds: 1.9 },
    { stage: 'predictions', seconds: 6.2 },
  ],
}
