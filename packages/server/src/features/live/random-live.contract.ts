import { aggregateNames, type FeatureDefinition, featureDefinition } from '@rapport/protocol'
import fc from 'fast-check'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import type { EntityKey } from '../defined/interpret.ts'

/** Random definitions and facts, small enough that windows, texts and moments meet often. */

export const hourMs = 3_600_000
/** 2025-10-24T00:00Z: two days before the clocks of Berlin are set back. */
export const start = Date.UTC(2025, 9, 24)

const names = ['View', 'Add', 'Order']
const customers = ['ada', 'bob']
const products = ['p1', 'p2', 'p3']
const categories = ['Women', 'Women > Dresses', 'Men']

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const moment = fc.oneof(
  fc.integer({ min: 0, max: 120 * 60 }).map((minutes) => start + minutes * 60_000),
  fc.integer({ min: 0, max: 120 }).map((hours) => start + hours * hourMs),
  fc.integer({ min: 0, max: 120 * hourMs }).map((ms) => start + ms),
)

const lateness = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 * hourMs }) },
  { weight: 1, arbitrary: fc.integer({ min: -30 * hourMs, max: 0 }) },
)

/** Moments and lateness of a busy hour: many at once, in any order. */
const busy = fc.record({
  at: fc.integer({ min: 0, max: 25 }).map((minutes) => start + minutes * 60_000),
  late: fc.integer({ min: 0, max: 30 * 60_000 }),
  session: oneOf(['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9']),
})

const unnumbered = fc.record({
  isLine: fc.boolean(),
  at: moment,
  late: lateness,
  customerId: oneOf([...customers, null]),
  name: oneOf(names),
  call: oneOf(['track', 'page']),
  product: oneOf([...products, null]),
  category: oneOf([...categories, null]),
  session: oneOf(['s1', 's2', 's3', 's4', 's5', 's6', null]),
  source: oneOf(['web', 'app', '\u{1F600}', '\uFFFD', null]),
  amount: fc.oneof(oneOf([null, 0, 1_000_000, -2_500_000]), fc.integer({ min: -9e15, max: 9e15 })),
  rating: oneOf([null, '4.5', '-1', '1e3', 'none']),
})

/** Facts in the order that they come in, with keys that tell nothing of it. */
export const factsArbitrary: fc.Arbitrary<readonly Fact[]> = fc
  .tuple(fc.array(unnumbered, { minLength: 1, maxLength: 120 }), fc.integer({ min: 1, max: 1000 }))
  .map(([facts, salt]) => numbered(facts, salt))

/** All of one customer and product, in a busy hour: more than an accumulator keeps apart. */
export const busyFactsArbitrary: fc.Arbitrary<readonly Fact[]> = fc
  .tuple(
    fc.array(fc.tuple(unnumbered, busy), { minLength: 30, maxLength: 120, size: 'max' }),
    fc.integer({ min: 1, max: 1000 }),
  )
  .map(([facts, salt]) => {
    const both = { customerId: 'ada', product: 'p1', category: 'Men' }
    return numbered(
      facts.map(([fact, hour]) => ({ ...fact, ...both, ...hour, isLine: false })),
      salt,
    )
  })

type Unnumbered = typeof unnumbered extends fc.Arbitrary<infer T> ? T : never

const numbered = (facts: readonly Unnumbered[], salt: number): readonly Fact[] =>
  facts
    .map((fact, index): Fact => {
      const { isLine, at, late, customerId, product, category, session, source, amount, rating } = fact
      const both = { product_id: product, category, source }
      return {
        kind: isLine ? 'line' : 'event',
        key: BigInt((((index + 1) * salt * 7919) % 100_003) * 1000 + index),
        ...{ at, receivedAt: at + late, customerId },
        name: isLine ? 'sale' : fact.name,
        call: isLine ? null : fact.call,
        fields: isLine ? { ...both, amount } : { ...both, session_id: session, 'properties.rating': rating },
      }
    })
    .sort((left, right) => left.receivedAt - right.receivedAt)

export const traitsArbitrary: fc.Arbitrary<readonly TraitFact[]> = fc.array(
  fc.record({
    ...{ customerId: oneOf(customers), key: fc.bigInt(0n, 1000n), knownAt: moment, trait: oneOf(['plan', 'age']) },
    value: oneOf(['gold', '42', '17.5', '']),
  }),
  { maxLength: 6 },
)

export const scoresArbitrary: fc.Arbitrary<readonly ScoreFact[]> = fc.array(
  fc.record({
    customerId: oneOf(customers),
    score: fc.constant('churn'),
    value: fc.double({ noNaN: true }),
    asOf: moment,
  }),
  { maxLength: 4 },
)

const condition = fc.oneof(
  fc.record({ field: fc.constant('category'), op: fc.constant('within'), value: fc.constant('Women') }),
  fc.record({ field: fc.constant('product_id'), op: fc.constant('in'), value: fc.constant(['p1', 'p2']) }),
  fc.record({ field: fc.constant('source'), op: oneOf(['known', 'missing']) }),
)

const eventPattern = fc.record(
  {
    events: oneOf([...names, true as const]),
    call: oneOf(['track', 'page']),
    where: fc.array(condition, { maxLength: 1 }),
  },
  { requiredKeys: ['events'] },
)
const linePattern = fc.record({ lines: fc.constant('sale') })
const pattern = fc.oneof({ weight: 2, arbitrary: eventPattern }, { weight: 1, arbitrary: linePattern })

const rolling = fc
  .record({
    grain: oneOf(['minute', 'hour', 'day']),
    count: fc.integer({ min: 1, max: 4 }),
    skip: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ grain, count, skip }) => {
    // Of minutes many, so that they hold anything.
    const many = grain === 'minute' ? 300 : grain === 'hour' ? 6 : 1
    return {
      last: { count: count * many, unit: grain },
      ...(skip > 0 ? { skip: { count: skip * many, unit: grain } } : {}),
    }
  })
const calendar = fc.record({ calendar: oneOf(['day', 'week', 'month']), ago: fc.integer({ min: 0, max: 2 }) })
const window = (isOfCustomer: boolean): fc.Arbitrary<object | undefined> =>
  fc.oneof(fc.constant(undefined), rolling, calendar, ...(isOfCustomer ? [fc.constant({ session: 'current' })] : []))

const aggregate = (isOfCustomer: boolean, names: readonly string[] = aggregateNames): fc.Arbitrary<object> =>
  fc
    .record({
      aggregate: oneOf(names),
      from: pattern,
      also: pattern,
      window: window(isOfCustomer),
      isNumber: fc.boolean(),
    })
    .map(({ aggregate, from, also, window, isNumber }) => {
      const number = 'lines' in from ? 'amount' : 'properties.rating'
      const needsNumber = ['sum', 'average', 'min', 'max'].includes(aggregate)
      const needsText = ['distinct', 'most-frequent', 'strongest'].includes(aggregate)
      const isEither = ['first', 'last'].includes(aggregate)
      const of = needsNumber || (isEither && isNumber) ? number : needsText || isEither ? 'source' : undefined
      const isStrongest = aggregate === 'strongest'
      const isDecayed = aggregate === 'decayed-sum'
      return {
        ...{ aggregate, from },
        ...(of === undefined ? {} : { of }),
        ...(isEither && of === 'properties.rating' ? { as: 'number' } : {}),
        ...(isStrongest ? { halfLife: { count: 7, unit: 'hour' }, times: 2, also: [{ from: also }] } : {}),
        ...(isDecayed ? { halfLife: { count: 7, unit: 'hour' }, ...(isNumber ? { of: number } : {}) } : {}),
        ...(isDecayed || isStrongest ? {} : { window }),
      }
    })

const sequence = (isOfCustomer: boolean): fc.Arbitrary<object> =>
  fc
    .record({
      ...{ first: pattern, next: pattern, without: fc.option(pattern), isNever: fc.boolean() },
      within: fc.record({ count: fc.integer({ min: 1, max: 30 }), unit: fc.constant('hour') }),
      window: window(isOfCustomer),
    })
    .map(({ first, next, without, isNever, within, window }) => ({
      sequence: { first, within, ...(isNever ? { never: next } : { next, ...(without ? { without } : {}) }) },
      window,
    }))

export const definitionsArbitrary: fc.Arbitrary<readonly FeatureDefinition[]> = fc
  .array(
    oneOf(['customer', 'customer', 'product', 'category', 'customer-product', 'customer-category'] as const).chain(
      (entity) => {
        const isOfCustomer = entity === 'customer'
        const said = [
          fc.constant({ trait: 'plan' }),
          fc.constant({ trait: 'age', as: 'number' }),
          fc.constant({ score: 'churn' }),
        ]
        const value = fc.oneof(
          { weight: 6, arbitrary: aggregate(isOfCustomer) },
          { weight: 2, arbitrary: sequence(isOfCustomer) },
          ...(isOfCustomer ? said.map((arbitrary) => ({ weight: 1, arbitrary })) : []),
        )
        return fc.record({ entity: fc.constant(entity), value })
      },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map(parsed)

/** Three of a customer, all of one aggregate or all sequences. */
export const definitionsOf = (what: (typeof aggregateNames)[number] | 'sequence') =>
  fc
    .array(what === 'sequence' ? sequence(true) : aggregate(true, [what]), { minLength: 3, maxLength: 3 })
    .map((values) => parsed(values.map((value) => ({ value }))))

function parsed(features: readonly object[]): readonly FeatureDefinition[] {
  return features.map((feature, index) =>
    featureDefinition.parse(JSON.parse(JSON.stringify({ name: `f${index}`, label: 'it', ...feature }))),
  )
}

/** Every entity that random facts may belong to. */
export const keysOf = (entity: FeatureDefinition['entity']): readonly EntityKey[] => {
  const parts = {
    customer: [customers],
    product: [products],
    category: [categories],
    'customer-product': [customers, products],
    'customer-category': [customers, categories],
  }[entity]
  const [first, second] = parts as readonly (readonly string[])[]
  return first!.flatMap((one) => (second === undefined ? [[one]] : second.map((other) => [one, other])))
}
