import { expect, test } from 'vitest'
import { parseRule } from '../../../rules/index.ts'
import { populationWords } from './population-words.ts'

const labels = new Map([['visit_recency_days', 'days since the last visit']])
const words = (json: unknown) => populationWords(parseRule(json), labels)

test('a rule reads as what it asks, features by their labels', () => {
  expect(populationWords(undefined, labels)).toBe('everybody')
  expect(
    words({
      all: [
        { feature: 'orders', op: '=', value: 0 },
        { feature: 'visit_recency_days', op: '<=', value: 60 },
      ],
    }),
  ).toBe('orders = 0 and days since the last visit ≤ 60')
  expect(
    words({ all: [{ event: 'Subscription Started' }, { not: [{ event: 'Subscription Cancelled', withinDays: 90 }] }] }),
  ).toBe('Subscription Started and not Subscription Cancelled in the last 90 days')
})

test('parts of two stand in brackets where another word joins them', () => {
  const two = [
    { trait: 'country', op: 'in', value: ['DE', 'AT'] },
    { feature: 'spend', op: 'top', value: 0.1 },
  ]
  const event = { event: 'Plan Chosen', count: { atLeast: 2, atMost: 5 }, where: { plan: 'pro' } }
  expect(words({ any: [event, { all: two }] })).toBe(
    'Plan Chosen with plan pro at least 2 times, at most 5 times or (trait country one of DE, AT and spend among the highest 10 %)',
  )
  expect(words({ not: two })).toBe('not trait country one of DE, AT and not spend among the highest 10 %')
  expect(words({ not: [{ any: two }] })).toBe('not (trait country one of DE, AT or spend among the highest 10 %)')
  expect(words({ feature: 'age', op: 'missing' })).toBe('age missing')
})
