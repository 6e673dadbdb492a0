import { type FeatureDefinition, type FeatureEntity, featureDefinition } from '@rapport/protocol'
import fc from 'fast-check'

const fields = {
  event: {
    text: ['product_id', 'category', 'session_id', 'source', 'properties.color', 'properties.deep.size'],
    number: ['quantity', 'price', 'properties.score', 'properties.deep.size'],
  },
  line: {
    text: ['order_id', 'product_id', 'category', 'country', 'currency'],
    number: ['quantity', 'amount', 'discount'],
  },
} as const
type Kind = keyof typeof fields

const texts = fc.constantFrom(
  'p1',
  'p2',
  'Women',
  'Women > Dresses',
  's1',
  's2',
  'email',
  'DE',
  'red',
  '7',
  'true',
  'o1',
)
const amounts = fc.constantFrom(0, 1, 2, 0.5, -1.5, 7, 20)
const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

/** Conditions on facts of a kind, some that can never hold among them. */
function conditions(kind: Kind): fc.Arbitrary<object[]> {
  const text = fc.constantFrom(...fields[kind].text)
  const number = fc.constantFrom(...fields[kind].number)
  return fc.array(
    fc.oneof(
      fc.record({ field: text, op: fc.constantFrom('=', '!=', 'within'), value: texts }),
      fc.record({ field: text, op: fc.constant('in'), value: fc.array(texts, { minLength: 1, maxLength: 3 }) }),
      fc.record({ field: number, op: fc.constantFrom('=', '!=', '>', '>=', '<', '<='), value: amounts }),
      fc.record({ field: number, op: fc.constant('in'), value: fc.array(amounts, { minLength: 1, maxLength: 3 }) }),
      fc.record({ field: fc.oneof(text, number), op: fc.constantFrom('known', 'missing') }),
    ),
    { minLength: 1, maxLength: 2, size: '-1' },
  )
}

const optional = <Value>(name: string, value: fc.Arbitrary<Value>, without = 1): fc.Arbitrary<object> =>
  fc.oneof(
    { weight: without, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: value.map((it) => ({ [name]: it })) },
  )
const joined = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all))

function patterns(kind: Kind): fc.Arbitrary<object> {
  const what =
    kind === 'event'
      ? joined(
          fc.record({ events: fc.constantFrom('Product Viewed', 'Product Added', true as const) }),
          fc.constantFrom({}, {}, {}, {}, {}, { call: 'track' }, { call: 'page' }),
        )
      : fc.record({ lines: fc.constantFrom('sale', 'sale', 'cancellation') })
  return joined(what, optional('where', conditions(kind), 3))
}

const rolling = fc.oneof(
  fc.record({ last: fc.record({ count: count(40), unit: fc.constantFrom('minute', 'hour', 'day') }) }),
  fc.tuple(count(30), fc.nat(20), fc.constantFrom('hour', 'day')).map(([days, skip, grain]) => ({
    last: { count: days, unit: 'day' },
    grain,
    ...(skip > 0 ? { skip: { count: skip, unit: grain } } : {}),
  })),
)
const calendars = fc.record({ calendar: fc.constantFrom('day', 'week', 'month', 'year'), ago: fc.nat(3) })
const windows = (entity: FeatureEntity): fc.Arbitrary<object> =>
  entity === 'customer'
    ? fc.oneof({ weight: 2, arbitrary: rolling }, calendars, fc.constant({ session: 'current' }))
    : fc.oneof(rolling, calendars)

function aggregates(entity: FeatureEntity): fc.Arbitrary<object> {
  return fc.constantFrom<Kind>('event', 'event', 'line').chain((kind) => {
    const from = patterns(kind).map((it) => ({ from: it }))
    const window = optional('window', windows(entity))
    const of = (type: 'text' | 'number') => fc.constantFrom(...fields[kind][type]).map((field) => ({ of: field }))
    const named = (...names: string[]): fc.Arbitrary<object> =>
      fc.constantFrom(...names).map((aggregate) => ({ aggregate }))
    const anyField = fc.oneof(
      of('text'),
      of('number').map((it) => (it.of.startsWith('properties.') ? { ...it, as: 'number' } : it)),
    )
    return fc.oneof(
      joined(named('count', 'time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'), from, window),
      joined(named('sum', 'average', 'min', 'max'), of('number'), from, window),
      joined(named('distinct', 'most-frequent'), of('text'), from, window),
      joined(named('first', 'last'), anyField, from, window),
      joined(
        named('strongest'),
        fc.record({ of: fc.constantFrom('product_id', 'category', 'source') }),
        from,
        fc.record({ halfLife: fc.record({ count: count(20), unit: fc.constantFrom('hour', 'day') }) }),
        optional(
          'also',
          fc.record({ from: patterns('line'), times: fc.constantFrom(0.5, 3) }).map((one) => [one]),
        ),
      ),
      joined(
        named('decayed-sum'),
        fc.oneof(fc.constant({}), of('number')),
        from,
        fc.record({ halfLife: fc.record({ count: count(20), unit: fc.constantFrom('hour', 'day') }) }),
      ),
    )
  })
}

function sequences(entity: FeatureEntity): fc.Arbitrary<object> {
  const part = fc.constantFrom<Kind>('event', 'event', 'event', 'line').chain(patterns)
  return fc
    .tuple(
      part,
      part,
      fc.option(part, { nil: undefined }),
      fc.boolean(),
      count(50),
      optional('window', windows(entity)),
    )
    .map(([first, next, without, isNever, hours, window]) => ({
      sequence: {
        first,
        ...(isNever ? { never: next } : { next, ...(without ? { without } : {}) }),
        within: { count: hours, unit: 'hour' },
      },
      ...window,
    }))
}

function trends(): fc.Arbitrary<object> {
  return fc
    .tuple(patterns('line'), fc.constantFrom({ aggregate: 'count' }, { aggregate: 'sum', of: 'amount' }), rolling)
    .map(([from, what, window]) => ({ trend: { ...what, from, window } }))
}

/** A value that is a number. */
function numbers(entity: FeatureEntity): fc.Arbitrary<object> {
  return aggregates(entity).filter(
    (it) =>
      !['first', 'last', 'most-frequent', 'strongest', 'decayed-sum'].includes((it as { aggregate: string }).aggregate),
  )
}

function values(entity: FeatureEntity): fc.Arbitrary<object> {
  const two = fc.tuple(numbers(entity), numbers(entity))
  const ofAll = [
    { weight: 14, arbitrary: aggregates(entity) },
    { weight: 5, arbitrary: sequences(entity) },
    { weight: 1, arbitrary: trends() },
    { weight: 1, arbitrary: two.map(([of, by]) => ({ ratio: { of, by } })) },
    { weight: 1, arbitrary: two.map(([of, minus]) => ({ difference: { of, minus } })) },
  ]
  if (entity !== 'customer') return fc.oneof(...ofAll)
  return fc.oneof(
    ...ofAll,
    {
      weight: 1,
      arbitrary: fc.record({
        trait: fc.constantFrom('gender', 'income', 'plan'),
        as: fc.constantFrom('number', 'text'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ score: fc.constantFrom('lapse_probability', 'own_score') }) },
  )
}

/** Definitions of one entity that can be planned, for tests: every aggregate, window and condition. */
export const randomDefinitions = (entity: FeatureEntity, most: number): fc.Arbitrary<FeatureDefinition[]> =>
  fc
    .array(values(entity), { minLength: 1, maxLength: most })
    .map((all) => all.map((value, at) => featureDefinition.parse({ name: `f${at}`, label: 'it', entity, value })))
