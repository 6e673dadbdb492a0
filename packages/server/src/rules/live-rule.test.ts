import { expect, test } from 'vitest'
import { parseLiveRule } from './live-rule.ts'

test.each([
  { feature: 'orders_30d', op: '>=', value: 2 },
  {
    not: [
      { trait: 'country', op: 'in', value: ['DE'] },
      { score: 'churn', op: '>', value: 0.5 },
    ],
  },
  {
    any: [
      { anniversary: 'birth_date', withinDays: 7 },
      { age: 'birth_date', op: '<', value: 26 },
    ],
  },
  { all: [{ feature: { aggregate: 'count', from: { events: 'Order Completed' } }, op: '>=', value: 1 }] },
])('reads %j as it is', (rule) => {
  expect(parseLiveRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule)
})

test.each<[unknown, string]>([
  [
    { all: [{ feature: { aggregate: 'median', from: { events: 'x' } }, op: '>', value: 1 }] },
    '/all/0/feature/aggregate must be one of count',
  ],
  [
    { any: [{ feature: { aggregate: 'count', from: { lines: 'gift' } }, op: '>', value: 1 }] },
    '/any/0/feature/from/lines',
  ],
  [
    {
      feature: { sequence: { first: { events: 'a' }, within: { count: 1, unit: 'day' } } },
      ...{ op: '>=', value: 1 },
    },
    'must have exactly one of next and never',
  ],
  [{ age: 'birth_date', op: '>' }, '/value must be one value with >'],
  [{ anniversary: 'birth_date', withinDays: 400 }, '/withinDays must be at most 364, got 400'],
  [{ anniversary: 'birth_date', withinDays: 4, op: '=' }, 'must not have op'],
  [{ score: 'Churn!', op: '>', value: 1 }, '/score must be the name of a score'],
  [
    { all: [{ event: 'a', score: 'b' }] },
    '/all/0 must have exactly one of all, any, not, feature, trait, event, segment',
  ],
])('refuses %j', (json, message) => {
  expect(() => parseLiveRule(json)).toThrow(message)
})
