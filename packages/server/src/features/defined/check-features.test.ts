import { expect, test } from 'vitest'
import { checkFeatures } from './check-features.ts'
import { readDefinition } from './read-definition.ts'

const count = { aggregate: 'count', from: { lines: 'sale' } }
const of = (name: string, value: unknown): object => ({ name, label: 'It', value })
const orders = readDefinition(of('buys', count))

test('what can be declared together has no problem, also what refers to each other', () => {
  const ratio = { ratio: { of: { feature: 'views' }, by: { feature: 'buys' } } }
  const views = of('views', { aggregate: 'count', from: { events: 'Product Viewed' } })
  expect(checkFeatures([of('share', ratio), views], [orders])).toEqual([])
})

test('every mistake of every definition is said, with its place', () => {
  const window = { last: { count: 0, unit: 'dey' } }
  const found = checkFeatures(
    [
      {
        ...of('a', {
          aggregate: 'sum',
          of: 'amont',
          from: { lines: 'gift', where: [{ field: 'x', op: '~' }] },
          window,
        }),
        more: 1,
      },
      of('b', { ratio: { of: { feature: 'none' }, by: { aggregate: 'sum', from: { lines: 'sale' } } } }),
      of('c', { feature: 'a' }),
      of('b', count),
      'no object',
    ],
    [orders],
  )
  expect(found.map(({ index, code, pointer }) => [index, code, pointer])).toEqual([
    [0, 'features.definition', '/value/from/where/0/op'],
    [0, 'features.definition', '/value/from/lines'],
    [0, 'features.definition', '/value/window/last/count'],
    [0, 'features.definition', '/value/window/last/unit'],
    [0, 'features.definition', '/more'],
    [4, 'features.definition', ''],
    [1, 'features.unknown', '/value/ratio/of/feature'],
    [1, 'features.definition', '/value/ratio/by/of'],
    [3, 'features.definition', '/name'],
  ])
})

test('what can be read is looked at, whatever is wrong beside it', () => {
  const unfit = { aggregate: 'sum', from: { lines: 'sale' } }
  const ratio = (by: unknown) => ({ ratio: { of: unfit, by } })
  const found = checkFeatures(
    [
      { name: 'a', value: unfit },
      of('b', ratio({ trait: '' })),
      { ...of('c', { trait: 'x' }), entity: 'shop' },
      { ...of('d', { trait: 'x' }), entity: 'product', unit: 3 },
      of('e', ratio({ feature: 'a' })),
      { name: 'f', label: '', value: { feature: 'b' } },
      null,
    ],
    [],
  )
  expect(found.map(({ index, pointer }) => [index, pointer])).toEqual([
    [0, '/label'],
    [1, '/value/ratio/by/trait'],
    [2, '/entity'],
    [3, '/unit'],
    [5, '/label'],
    [6, ''],
    [4, '/value/ratio/of/of'],
    [0, '/value/of'],
    [1, '/value/ratio/of/of'],
    [3, '/value/trait'],
  ])
})

test('a feature that would no longer fit keeps another from being changed', () => {
  const twice = readDefinition(of('twice', { difference: { of: { feature: 'buys' }, minus: { feature: 'buys' } } }))
  const text = { aggregate: 'last', of: 'source', from: { events: true } }
  expect(checkFeatures([of('buys', text)], [orders, twice])).toMatchObject([
    { index: 0, name: 'twice', message: 'twice/value/difference/of must be a number, got a text' },
  ])
})
