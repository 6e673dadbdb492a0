import type { Analysis } from '../analysis.ts'
import type { PlanEntry } from '../plan.ts'
import { asOf, day, range } from './made-up.contract.ts'

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

export const recommendations: Analysis['recommendations'] = {
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

export const planEntry = (family: PlanEntry['family'], segment: string, at: number): PlanEntry => ({
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
  timingUnknownBecause:
    at === 4
      ? 'no weekday and no hour stands out: orders are spread as chance would spread them, so send when it suits'
      : null,
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
            'Sunday, 20:00–24:00: when they buy most (71 % by their own 482 orders, the rest by everyone’s), a stand-in for when they read',
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
