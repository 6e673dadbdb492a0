import type { Analysis } from '../analysis.ts'
import { familiesLike } from './full-families.contract.ts'
import { planEntry, recommendations } from './full-plan.contract.ts'
import { lapse, lifetime } from './full-predictions.contract.ts'
import { quality } from './full-quality.contract.ts'
import { asOf, monthOf, range, wave } from './made-up.contract.ts'

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
  profitMargin: 0.388,
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
  total: { ...measures(5), returningRevenueShare: null },
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
  timing: {
    weekday: 'Sunday',
    from: 20,
    until: 24,
    words: 'More orders than an even spread would bring by chance come on Sundays and from 20:00 to 24:00',
  },
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

const discovered: Extract<Analysis['segments']['discovered'], { found: true }> = {
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
}

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
  discovered,
  families: familiesLike(discovered),
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

/** A plausible analysis of a small shop, with every part found. */
export const fullAnalysis: Analysis = {
  format: 1,
  version: '0.1.0',
  createdAt: asOf + 7_200_000,
  asOf,
  seed: 1,
  simulated: null,
  simulatedUntil: null,
  leftOut: { customers: 312, refused: 12, profiled: 8214 },
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
    { stage: 'recommendations', seconds: 5.1, beside: ['segments', 'predictions'] },
  ],
  elapsedSeconds: 9.4,
}
