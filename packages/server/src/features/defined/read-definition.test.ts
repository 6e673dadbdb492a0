import { expect, it, test } from 'vitest'
import { readDefinition } from './read-definition.ts'

const count = { aggregate: 'count', from: { lines: 'sale' } }
const of = (value: unknown): object => ({ name: 'it', label: 'It', value })
const over = (window: unknown): object => of({ ...count, window })

it('reads a definition and fills in what goes without saying', () => {
  expect(readDefinition(over({ calendar: 'week' }))).toEqual({
    ...{ name: 'it', label: 'It', entity: 'customer' },
    value: { ...count, window: { calendar: 'week', ago: 0 } },
  })
})

test.each<[string, unknown, string]>([
  ['no object', [], 'the definition must be an object with name, label and value, got a list'],
  [
    'no value',
    { name: 'it', label: 'It' },
    'it/value must be an object with one of aggregate, sequence, trend, trait, score, feature, ratio, difference, sum, given, model, got nothing',
  ],
  [
    'a name of other characters',
    { ...of(count), name: 'Orders 30d' },
    '/name must be of a-z, 0-9 and _, a letter first',
  ],
  [
    'a name of what is handed out beside values',
    { ...of(count), name: 'customer_id' },
    'customer_id/name must not be the name of what says whose a value is',
  ],
  [
    'an unknown entity',
    { ...of(count), entity: 'shop' },
    'it/entity must be one of customer, product, category, customer',
  ],
  [
    'no kind',
    of({ agregate: 'count' }),
    'it/value must have exactly one of aggregate, sequence, trend, trait, score, feature, ratio, difference, sum, given, model, got agregate',
  ],
  [
    'two kinds',
    of({ ...count, trait: 'age' }),
    'it/value must have exactly one of aggregate, sequence, trend, trait, score, feature, ratio, difference, sum, given, model, got aggregate, trait',
  ],
  [
    'an unknown aggregate',
    of({ ...count, aggregate: 'median' }),
    'it/value/aggregate must be one of count, sum, average, min',
  ],
  ['no facts', of({ aggregate: 'count' }), 'it/value/from must be an object with events or lines, got nothing'],
  [
    'facts of no kind',
    of({ ...count, from: { orders: 'sale' } }),
    'it/value/from must have exactly one of events, lines, got orders',
  ],
  [
    'lines of no kind',
    of({ ...count, from: { lines: 'return' } }),
    'it/value/from/lines must be one of sale, cancellation, adjustment, got "return"',
  ],
  [
    'events without a name',
    of({ ...count, from: { events: false } }),
    'it/value/from/events must be the name of an event, or true for events of any name, got false',
  ],
  [
    'a field with quotes',
    of({ ...count, from: { lines: 'sale', where: [{ field: 'a"b', op: 'known' }] } }),
    'it/value/from/where/0/field must be a column such as product_id',
  ],
  [
    'an operand of another kind',
    of({ ...count, from: { lines: 'sale', where: [{ field: 'quantity', op: '>', value: '3' }] } }),
    'it/value/from/where/0/value must be a number with >, got "3"',
  ],
  [
    'an unknown window',
    over({ last30days: true }),
    'it/value/window must have exactly one of last, calendar, session, got last30days',
  ],
  [
    'an empty window',
    over({ last: { count: 0, unit: 'day' } }),
    'it/value/window/last/count must be at least 1, got 0',
  ],
  [
    'a window of months',
    over({ last: { count: 3, unit: 'month' } }),
    'it/value/window/last/unit must be one of minute, hour, day, got "month"',
  ],
  [
    'a key too many',
    over({ calendar: 'day', zone: 'UTC' }),
    'it/value/window/zone must not be there: what may is calendar, ago',
  ],
  [
    'a sequence of both kinds',
    of({
      sequence: {
        first: { events: 'A' },
        next: { events: 'B' },
        never: { events: 'C' },
        within: { count: 1, unit: 'day' },
      },
    }),
    'it/value/sequence must have exactly one of next and never',
  ],
  [
    'a sequence without end',
    of({ sequence: { first: { events: 'A' }, next: { events: 'B' } } }),
    'it/value/sequence/within must be an object, got nothing',
  ],
  [
    'a trend of a lifetime',
    of({ trend: count }),
    'it/value/trend must be a count, sum or distinct over a rolling window',
  ],
  [
    'a mistake inside a ratio',
    of({ ratio: { of: count, by: { difference: { of: count, minus: { feature: 'A' } } } } }),
    'it/value/ratio/by/difference/minus/feature must be of a-z',
  ],
  ['half a ratio', of({ ratio: { of: count } }), 'it/value/ratio/by must be an object with one of aggregate'],
  ['a sum of nothing', of({ sum: [] }), 'it/value/sum must have at least 1 entries'],
  [
    'a sum that is no list',
    of({ sum: count }),
    'it/value/sum must be a list of objects with of and times, got an object',
  ],
  ['a weight that is none', of({ sum: [{ of: count, times: 'x' }] }), 'it/value/sum/0/times must be a number, got "x"'],
  ['a mistake inside a sum', of({ sum: [{ of: { feature: 'A' } }] }), 'it/value/sum/0/of/feature must be of a-z'],
  ['a condition without a number', of({ given: { of: count, if: count, op: '>=' } }), 'it/value/given/than must be'],
  [
    'half a condition',
    of({ given: { of: count, op: '>=', than: 1 } }),
    'it/value/given/if must be an object with one of',
  ],
  ['the model of nothing', of({ model: 'X' }), 'it/value/model must be the name of a prediction'],
  [
    'a hidden key',
    JSON.parse('{"name":"it","label":"It","value":{"aggregate":"count","from":{"lines":"sale","__proto__":{}}}}'),
    '/value/from/__proto__ must not be a key',
  ],
])('refuses %s', (_, json, message) => {
  expect(() => readDefinition(json)).toThrow(message)
})

it('refuses expressions deeper or larger than anybody writes', () => {
  const nested = (depth: number): object =>
    depth === 0 ? { feature: 'a' } : { difference: { of: nested(depth - 1), minus: { feature: 'a' } } }
  expect(readDefinition(of(nested(9)))).toMatchObject({ name: 'it' })
  expect(() => readDefinition(of(nested(10)))).toThrow('must be at most 10 levels deep')
  const wide = (depth: number): object =>
    depth === 0 ? { feature: 'a' } : { ratio: { of: wide(depth - 1), by: wide(depth - 1) } }
  expect(() => readDefinition(of(wide(8)))).toThrow('must be one of at most 200 parts')
})

it('does not fall over what is nested without end', () => {
  const deep = JSON.parse(`${'{"ratio":{"of":'.repeat(5000)}1${'}}'.repeat(5000)}`) as unknown
  expect(() => readDefinition(of(deep))).toThrow('must be at most 10 levels deep')
  expect(() => readDefinition({ ...of(count), label: deep })).toThrow('it/label must be a text, got an object')
})
