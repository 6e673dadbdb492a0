import { expect, test } from 'vitest'
import { modelFormat, readCard, writeCard } from './model-format.ts'
import type { SeriesCard } from './series/series-card.ts'

const named = { modelId: 'lapse-4', name: 'lapse' }

test('a card of this format is read as it was written', () => {
  const card = { kind: 'series', prediction: 'revenue', limits: [] } as unknown as SeriesCard
  expect(readCard(writeCard(card), named)).toEqual({ ...card, format: modelFormat })
})

test('a format that is not known yet is that of a later version', () => {
  const card = JSON.stringify({ format: modelFormat + 1, kind: 'customers' })
  expect(readCard(card, named)).toEqual({
    kind: 'unread',
    because: `lapse-4 must be of format ${modelFormat}, got ${modelFormat + 1}: it was made by a later version of Rapport; rapport predict train lapse makes a new one`,
  })
})
