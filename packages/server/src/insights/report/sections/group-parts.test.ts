import { expect, test } from 'vitest'
import type { ClusterCandidate, DiscoveredSegment } from '../../../segments/index.ts'
import { formatFor } from '../format.ts'
import { candidatesTable, card, profileOf } from './group-parts.ts'

const format = formatFor('EUR', 'UTC')
const nothing = { silhouette: null, daviesBouldin: null, calinskiHarabasz: null, stability: null, nullSilhouette: null }
const tableFor = (candidates: readonly ClusterCandidate[], made: number | null): string =>
  String(candidatesTable(candidates, made, format))

test('what was not measured of any candidate has no column, and no words on how to read it', () => {
  const table = tableFor([{ ...nothing, k: 1, setting: 'radius 0.2', noneShare: 0.125 }], null)
  expect(table).toContain('12.5')
  for (const measure of ['Silhouette', 'Without groups', 'Davies-Bouldin', 'Stability', 'Gap']) {
    expect(table).not.toContain(measure)
  }
})

test('what was not measured of one candidate says so', () => {
  const table = tableFor(
    [
      { ...nothing, k: 2, silhouette: 0.5 },
      { ...nothing, k: 3 },
    ],
    2,
  )
  expect(table).toContain('0.500')
  expect(table.match(/not measured/g)).toHaveLength(1)
})

test('what was made is marked: by its number, or of several settings with as many groups the one', () => {
  const byNumber = tableFor(
    [2, 3].map((k) => ({ ...nothing, k, silhouette: 0.1 * k })),
    3,
  )
  expect(byNumber.match(/[^>]*, made/g)).toEqual(['3, made'])
  const settings = [0.3, 0.2].map((radius) => ({ ...nothing, k: 6, setting: `radius ${radius}`, silhouette: radius }))
  const bySetting = tableFor([settings[0]!, { ...settings[1]!, isMade: true }], 6)
  expect(bySetting.match(/[^>]*, made/g)).toEqual(['6 (radius 0.2), made'])
  expect(tableFor(settings, null)).not.toContain('made')
})

const segment: DiscoveredSegment = {
  ...{ id: 'tastes.4', name: 'Here lately', customers: 132, share: 0.05, revenue: 1000, revenueShare: 0.04 },
  ...{ profit: null, profitUnknownBecause: 'no unit costs', stability: 0.31, profile: [] },
}

test('a card has what a segment is called in commands, and warns of one that does not come back', () => {
  const cardOf = (one: DiscoveredSegment): string => String(card(one, profileOf(one, 0, format), format))
  expect(cardOf(segment)).toContain('tastes.4')
  expect(cardOf(segment)).toContain('0.31, low')
  expect(cardOf({ ...segment, stability: 0.5 })).not.toContain('low')
  expect(cardOf({ ...segment, stability: null })).not.toContain('low')
})
