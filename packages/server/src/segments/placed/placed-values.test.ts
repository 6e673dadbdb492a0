import { expect, it } from 'vitest'
import { declaredCatalogue } from '../../features/declared/declared-catalogue.ts'
import type { LiveValues } from '../../features/index.ts'
import { compileSegments } from '../live/compile.ts'
import type { LiveModel } from './live-model.ts'
import { placedSegments } from './placed-segments.ts'
import { inputDefinitions, leavesBehind, PlacedValues } from './placed-values.ts'

const views = { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 2, unit: 'day' } } }
const definition = { name: 'views', label: 'views', entity: 'customer', value: views } as const

it('tells of a batch the scores of the models that read what it touched', () => {
  const model: LiveModel = {
    ...{ family: 'winter', modelId: 'segments-winter-1', inputs: declaredCatalogue([definition as never], new Set()) },
    of: { aggregate: 'count', from: { lines: 'sale' } },
    segments: [{ id: 'winter.1', name: 'Winter', words: 'winter' }],
    place: ([seen]) => ({ segment: Number(seen) > 2 ? 0 : -1, distance: null, probability: null, runnerUp: null }),
    why: () => [],
  }
  const { plan } = compileSegments({
    ...{ segments: placedSegments([model], new Set()), features: inputDefinitions([model]), timezone: 'UTC' },
  })
  const score = plan.leaves.findIndex(({ kind }) => kind === 'score')
  const count = plan.leaves.findIndex((leaf) => leaf.kind === 'aggregate' && leaf.pattern.kind === 'event')
  let touched = { leaves: [count] }
  const values: LiveValues = {
    ...{ batches: 7, touchedOf: () => touched },
    ...{ leafValue: () => 3, leafChangesAt: () => Number.POSITIVE_INFINITY },
  }
  const placed = new PlacedValues(values, plan, [model])
  expect(placed.batches).toBe(7)
  expect(placed.leafValue(['ann'], score, 0)).toBe(1)
  const bought = plan.leaves.findIndex((leaf) => leaf.kind === 'aggregate' && leaf.pattern.kind === 'line')
  expect(leavesBehind([score], plan, [model])).toEqual([count, bought].sort())
  // Of who never bought it says nothing, whatever they viewed.
  const others = { ...values, leafValue: (_: unknown, leaf: number) => (leaf === bought ? 0 : 3) }
  expect(new PlacedValues(others, plan, [model]).leafValue(['bob'], score, 0)).toBe(0)
  expect(new PlacedValues(others, plan, [model]).placementsOf('bob', 0)).toMatchObject([{ segment: -1, why: [] }])
  expect([...placed.touchedOf('ann').leaves].sort()).toEqual([count, score].sort())
  touched = { leaves: [] }
  expect(placed.touchedOf('ann').leaves).toEqual([])
})
