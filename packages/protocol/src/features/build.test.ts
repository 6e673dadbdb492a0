import { expect, test } from 'vitest'
import { difference, events, feature, given, lines, model, ratio, reference, score, sum, trait } from './build.ts'
import { aggregateNames, featureDefinition } from './expression.ts'

const sales = lines('sale')
const views = events('Product Viewed')

const built = [
  sales.count().last(30, 'days'),
  sales.sum('amount').during('month', 1),
  sales.average('amount').last(52, 'days', { skip: [1, 'day'], grain: 'day' }),
  views.min('price').inSession(),
  views.max('price'),
  sales.distinct('order_id').last(30, 'days').trend(),
  sales.first('amount', 'number'),
  events().where('category', 'within', 'Women').where('price', 'known').last('source'),
  views.mostFrequent('category'),
  sales.timeSinceFirst(),
  sales.timeSinceLast(),
  views.decayed(7, 'days'),
  sales.decayed(1, 'day', 'amount'),
  sales.gapMean(),
  sales.gapDeviation(),
  events('Product Added').followedBy(events('Order Completed'), [1, 'hour'], events('Product Removed')),
  events('Product Added').neverFollowedBy(events('Order Completed'), [30, 'minutes']),
  views.span(),
  views.strongest('category', 30, 'days', [sales, 5]),
  sum([views.count(), 2], [sales.count()]),
  given(views.mostFrequent('category'), views.count(), '>=', 3),
  model('purchase-intent'),
  ratio(reference('a'), difference(trait('age', 'number'), score('lapse'))),
]

test('builds the same JSON that is read, of every aggregate', () => {
  const definitions = built.map((value, at) => feature(`f${at}`, 'It', value))
  for (const definition of definitions) {
    expect(featureDefinition.parse(JSON.parse(JSON.stringify(definition)))).toEqual(definition)
  }
  const written = JSON.stringify(definitions)
  expect(aggregateNames.filter((name) => !written.includes(`"aggregate":"${name}"`))).toEqual([])
})

test('says what a definition in a file would say', () => {
  const definition = feature(
    'dresses_seen',
    'Dresses seen today',
    views.where('category', '=', 'Dresses').count().last(24, 'hours'),
    {
      entity: 'product',
    },
  )
  expect(definition).toEqual({
    ...{ name: 'dresses_seen', label: 'Dresses seen today', entity: 'product' },
    value: {
      aggregate: 'count',
      from: { events: 'Product Viewed', where: [{ field: 'category', op: '=', value: 'Dresses' }] },
      window: { last: { count: 24, unit: 'hour' } },
    },
  })
})

test('leaves what it was made from as it was', () => {
  views.where('category', '=', 'Dresses')
  expect(views.count().expression).toEqual({ aggregate: 'count', from: { events: 'Product Viewed' } })
})
