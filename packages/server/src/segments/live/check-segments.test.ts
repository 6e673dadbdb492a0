import { build } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { nowhere } from '../placed/live-model.ts'
import { checkSegments } from './check-segments.ts'
import { readSegmentDefinition } from './segment-definition.ts'

const { feature, lines } = build
const visits = feature('visits', 'Visits', lines('sale').distinct('order_id'))
const head = (id: string) => ({ id, name: 'It', words: 'who it is' })
const keen = { ...head('rule.keen'), rule: { feature: 'visits', op: '>', value: 5 } }
const around = { features: [visits], segments: [readSegmentDefinition(keen)] }

test('what can be declared has no problem', () => {
  const uses = { ...head('rule.uses'), rule: { all: [{ segment: 'rule.keen' }, { event: 'Page' }] } }
  expect(checkSegments([uses, { ...head('list.x'), list: true }], around)).toEqual([])
})

test('everything that is wrong is said, with the place in its document', () => {
  const rule = {
    all: [
      { feature: 'visit', op: '>', value: 1 },
      { any: [{ segment: 'rule.none' }, { feature: 'visits', op: '>', value: 'many' }] },
      { feature: { aggregate: 'sum', from: { events: 'A' } }, op: '>', value: 1 },
      { trait: 'country', op: '>', value: 3, note: 1 },
    ],
  }
  const found = checkSegments(
    [keen, { id: 'It', name: '', words: 'w', rule, more: 1 }, { ...head('rule.b'), rule }],
    around,
  )
  expect(found.map(({ index, pointer, name }) => [index, pointer, name])).toEqual([
    [1, '/id', 'It'],
    [1, '/name', 'It'],
    [1, '/more', 'It'],
    [1, '/rule/all/1/any/1/value', 'It'],
    [1, '/rule/all/3', 'It'],
    [1, '/rule/all/1/any/0/segment', 'It'],
    [1, '/rule/all/0/feature', 'It'],
    [1, '/rule/all/2/feature/of', 'It'],
    [2, '/rule/all/1/any/1/value', 'rule.b'],
    [2, '/rule/all/3', 'rule.b'],
    [2, '/rule/all/1/any/0/segment', 'rule.b'],
    [2, '/rule/all/0/feature', 'rule.b'],
    [2, '/rule/all/2/feature/of', 'rule.b'],
  ])
  const read = { all: rule.all.slice(0, 1).concat([{ segment: 'rule.none' } as never, rule.all[2] as never]) }
  expect(checkSegments([{ ...head('rule.b'), rule: read }], around)).toMatchObject([
    {
      pointer: '/rule/all/1/segment',
      message: 'rule.b/rule/all/1/segment must be a known segment, got rule.none; there are rule.keen',
    },
    { pointer: '/rule/all/0/feature', message: 'rule.b/rule/all/0/feature must be a feature there is, got visit' },
    { pointer: '/rule/all/2/feature/of', message: 'rule.b/rule/all/2/feature/of must name a field with sum' },
  ])
})

test('segments of families may be named where they are live, and else it is said why not', () => {
  const winter = {
    ...{ family: 'winter', modelId: 'segments-kmeans-1', inputs: [], of: { score: 'any' } },
    segments: [1, 2].map((n) => ({ id: `winter.${n}`, name: `Winter ${n}`, words: 'alike' })),
    ...{ place: () => nowhere, why: () => [] },
  }
  const families = { models: [winter], byAnalyses: [{ family: 'kinds', because: 'it compares customers by habits' }] }
  const rule = { any: ['winter.2', 'winter.3', 'kinds.1'].map((segment) => ({ segment })) }
  const messages = checkSegments([{ ...head('rule.b'), rule }], { ...around, families }).map(({ message }) => message)
  expect(messages).toEqual([
    'rule.b/rule/any/1/segment must be a known segment, got winter.3; there are winter.1, winter.2, rule.keen',
    'rule.b/rule/any/2/segment must be a segment that is live, got kinds.1, which is not live: only analyses find who is in kinds, because it compares customers by habits',
  ])
})

test.each([
  [{ atLeast: 3, atMost: 1 }, '/rule/all/1/count/atMost', 'must be at least what atLeast is, 3, got 1'],
  [{ atLeast: 0 }, '/rule/all/1/count/atLeast', 'must be at least 1 without atMost, got 0'],
  [{}, '/rule/all/1/count', 'must have atLeast, atMost or both, got neither'],
  [{ atLeast: 1 }],
  [{ atMost: 0 }],
  [{ atLeast: 0, atMost: 2 }],
  [{ atLeast: 2, atMost: 2 }],
])('of the count %j it is said whether it means something', (count, ...wrong) => {
  const it = { ...head('rule.b'), rule: { all: [{ event: 'Page' }, { event: 'Page', count }] } }
  const [pointer, message] = wrong
  expect(checkSegments([it], around)).toEqual(
    pointer === undefined
      ? []
      : [expect.objectContaining({ pointer, message: expect.stringContaining(`rule.b${pointer} ${message}`) })],
  )
})

test('of a segment of an analysis it is said that it cannot be named', () => {
  const named = { ...head('rule.b'), rule: { segment: 'rfm.champions' } }
  expect(checkSegments([named], around).map(({ message }) => message)).toEqual([
    'rule.b/rule/segment must be a known segment, got rfm.champions; segments of analyses cannot be named, there are rule.keen',
  ])
})

test('an operator that is none is told of those that a live segment may have', () => {
  for (const [test, place] of [
    [{ feature: 'visits', op: '~', value: 1 }, '/rule/op'],
    [{ trait: 'country', op: '~', value: 'DE' }, '/rule/op'],
  ] as const) {
    const [problem] = checkSegments([{ ...head('rule.b'), rule: test }], around)
    expect(problem).toMatchObject({
      pointer: place,
      message: '/rule/op must be one of =, !=, >, >=, <, <=, in, known, missing, got "~"',
    })
  }
})

test('of one test all that is wrong with its shape is said, of an expression in it too', () => {
  const feature = { aggregate: 'summ', from: { lines: 'gift' }, window: { last: { count: 0, unit: 'dey' } } }
  const rule = {
    any: [
      { feature, op: '~', value: 1 },
      { event: '', withinDays: -1, more: 1 },
    ],
    all: [],
  }
  const found = checkSegments([{ ...head('rule.b'), rule: { not: [rule, rule.any[0], rule.any[1]] } }], around)
  expect(found.map(({ pointer }) => pointer)).toEqual([
    '/rule/not/0',
    '/rule/not/1/feature/from/lines',
    '/rule/not/1/feature/window/last/count',
    '/rule/not/1/feature/window/last/unit',
    '/rule/not/1/feature/aggregate',
    '/rule/not/1/op',
    '/rule/not/2/event',
    '/rule/not/2/withinDays',
    '/rule/not/2',
  ])
})

test('of an expression that is in a test every part that does not fit is said', () => {
  const ratio = { of: { feature: 'none' }, by: { aggregate: 'sum', from: { lines: 'sale' } } }
  const rule = { all: [{ feature: { ratio }, op: '>', value: 1 }] }
  expect(checkSegments([{ ...head('rule.b'), rule }], around).map(({ pointer }) => pointer)).toEqual([
    '/rule/all/0/feature/ratio/of/feature',
    '/rule/all/0/feature/ratio/by/of',
  ])
})

test('a rule of too many parts is told so once', () => {
  const rule = { any: Array.from({ length: 300 }, () => ({ event: 'Page' })) }
  expect(checkSegments([{ ...head('rule.b'), rule }], around).map(({ message }) => message)).toEqual([
    '/rule must have at most 200 parts',
  ])
})

test('two documents of one id are told apart', () => {
  expect(checkSegments([keen, keen], around)).toMatchObject([
    { index: 1, pointer: '/id', message: 'rule.keen/id must be of one definition, got two' },
  ])
})

test('a circle is found beside whatever else is wrong', () => {
  const circle = { ...keen, rule: { all: [{ segment: 'rule.other' }, { event: 3 }] } }
  const found = checkSegments([circle, { ...head('rule.other'), rule: { segment: 'rule.keen' } }], around)
  expect(found.map(({ index, pointer, message }) => [index, pointer, message])).toEqual([
    [0, '/rule/all/1/event', '/rule/all/1/event must be a text, got 3'],
    [
      0,
      '/rule/all/0/segment',
      'rule.keen/rule/all/0/segment must not lead back to itself, got rule.keen → rule.other → rule.keen',
    ],
  ])
})

test('a circle, and a segment that would no longer fit, are found', () => {
  const circle = { ...keen, rule: { segment: 'rule.other' } }
  expect(checkSegments([circle, { ...head('rule.other'), rule: { segment: 'rule.keen' } }], around)).toMatchObject([
    { pointer: '/rule/segment', message: expect.stringContaining('must not lead back to itself') },
  ])
})
