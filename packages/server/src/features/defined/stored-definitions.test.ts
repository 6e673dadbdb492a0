import { build } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import {
  declareFeatures,
  featureLineage,
  featureRevision,
  featureVersions,
  keepFeatureUses,
  removeFeature,
  storedFeature,
  storedFeatures,
} from './stored-definitions.ts'

const { feature, lines, ratio, reference } = build
const orders = feature('orders', 'Orders', lines('sale').distinct('order_id'))
const revenue = feature('revenue', 'Revenue', lines('sale').sum('amount'))
const basket = feature('basket', 'Value of an order', ratio(reference('revenue'), reference('orders')))

onEachDatabase((fresh) => {
  test('a definition is kept once, and a changed one is a new version', async () => {
    const { queries } = await fresh()
    expect(await declareFeatures(queries, [orders])).toMatchObject([{ definition: orders, version: 1, isNew: true }])
    expect(await declareFeatures(queries, [orders])).toMatchObject([{ version: 1, isNew: false }])
    const renamed = { ...orders, label: 'Orders placed' }
    expect(await declareFeatures(queries, [renamed])).toMatchObject([{ version: 2, isNew: true }])
    expect(await storedFeatures(queries)).toMatchObject([{ definition: renamed, version: 2 }])
    expect(await featureVersions(queries, 'orders')).toMatchObject([
      { version: 2, definition: renamed },
      { version: 1, definition: orders },
    ])
    expect(await featureRevision(queries)).toBe(2)
  })

  test('features declared together may refer to each other, and know who uses them', async () => {
    const { queries } = await fresh()
    await declareFeatures(queries, [basket, orders, revenue])
    await keepFeatureUses(queries, 'segment rule.frequent', ['orders', 'orders'])
    const lineage = await featureLineage(queries)
    expect(lineage.get('basket')).toEqual({ uses: ['orders', 'revenue'], usedBy: [] })
    expect(lineage.get('orders')).toEqual({ uses: [], usedBy: ['basket', 'segment rule.frequent'] })
  })

  test('what is used cannot be removed; what was removed can be declared again', async () => {
    const { queries } = await fresh()
    await declareFeatures(queries, [orders, revenue, basket])
    await keepFeatureUses(queries, 'segment rule.frequent', ['basket'])
    await expect(removeFeature(queries, 'orders')).rejects.toThrow(
      'orders must be used by nothing to be removed, got basket',
    )
    await expect(removeFeature(queries, 'basket')).rejects.toThrow('got segment rule.frequent')
    await keepFeatureUses(queries, 'segment rule.frequent', [])
    expect(await removeFeature(queries, 'basket')).toMatchObject({ definition: basket, version: 1 })
    await removeFeature(queries, 'orders')
    await expect(storedFeature(queries, 'orders')).rejects.toMatchObject({ code: 'features.undeclared' })
    expect(await featureVersions(queries, 'orders')).toMatchObject([{ version: 2, definition: null }, { version: 1 }])
    expect(await declareFeatures(queries, [orders])).toMatchObject([{ version: 3, isNew: true }])
  })

  test('refuses what does not fit together and keeps nothing of it', async () => {
    const state = await fresh()
    const declare = (...documents: unknown[]) => state.transaction((queries) => declareFeatures(queries, documents))
    await declare(orders, revenue, basket)
    const favourite = feature('revenue', 'Favourite', lines('sale').mostFrequent('product_id'))
    await expect(declare(favourite)).rejects.toThrow('basket/value/ratio/of')
    const circle = feature('orders', 'Orders', reference('basket'))
    await expect(declare(circle)).rejects.toMatchObject({ code: 'features.cycle' })
    const other = feature('returns', 'Returns', lines('cancellation').count())
    await expect(declare(other, { ...other, name: 'no_label', label: '' })).rejects.toThrow('no_label/label must have')
    await expect(declare(other, other)).rejects.toThrow('returns/name must be of one definition, got two')
    expect((await storedFeatures(state.queries)).map(({ definition }) => definition)).toEqual([basket, orders, revenue])
    await expect(keepFeatureUses(state.queries, 'segment x', ['nobody'])).rejects.toMatchObject({
      code: 'features.undeclared',
    })
  })

  test('two who change features at once do so one after another', async () => {
    const state = await fresh()
    await state.transaction((queries) => declareFeatures(queries, [orders, revenue]))
    const outcomes = await Promise.allSettled([
      state.transaction((queries) => removeFeature(queries, 'orders')),
      state.transaction((queries) => declareFeatures(queries, [basket])),
    ])
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBe(1)
    const names = (await storedFeatures(state.queries)).map(({ definition }) => definition.name)
    expect([['revenue'], ['basket', 'orders', 'revenue']]).toContainEqual(names)
  })
})
