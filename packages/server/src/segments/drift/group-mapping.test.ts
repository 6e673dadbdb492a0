import { expect, test } from 'vitest'
import { mapGroups } from './group-mapping.ts'

const named = (...names: readonly string[]) => names.map((name, at) => ({ id: `winter.${at + 1}`, name }))
const labels = (text: string) => Int32Array.from(text, (letter) => (letter === '-' ? -1 : Number(letter)))

test('groups keep the ids and names of those that they share most customers with', () => {
  const { segments, mapping } = mapGroups(
    'winter',
    { segments: named('Savers', 'Spenders', 'Lookers'), labels: labels('0000111122') },
    { segments: named('A', 'B', 'C'), labels: labels('1111000022') },
  )
  expect(segments.map(({ id, name }) => [id, name])).toEqual([
    ['winter.2', 'Spenders'],
    ['winter.1', 'Savers'],
    ['winter.3', 'Lookers'],
  ])
  expect(mapping.map(({ shared }) => shared)).toEqual([4, 4, 2])
})

test('one that is new has a number of its own, one that is gone is told, and a name is not there twice', () => {
  const { segments, mapping } = mapGroups(
    'winter',
    { segments: named('Savers', 'Spenders'), labels: labels('0000011111----') },
    { segments: named('Savers', 'Lookers'), labels: labels('-----111110000') },
  )
  expect(segments.map(({ id, name }) => [id, name])).toEqual([
    ['winter.3', 'Savers'],
    ['winter.2', 'Spenders'],
  ])
  expect(mapping.at(-1)).toEqual({ from: { id: 'winter.1', name: 'Savers', customers: 5 }, to: null, shared: 0 })
  const both = mapGroups(
    'winter',
    { segments: named('Savers', 'Spenders'), labels: labels('0000011111-----') },
    { segments: named('X', 'Savers'), labels: labels('0000011111-----') },
  )
  expect(both.segments.map(({ name }) => name)).toEqual(['Savers', 'Spenders'])
})
