import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitItemItem, recommendItemItem } from './item-item.ts'

const histories = fc
  .array(fc.tuple(fc.nat(11), fc.nat(8), fc.integer({ min: 1, max: 5 })), { maxLength: 60 })
  .map((triplets) =>
    sparseFromTriplets(
      12,
      9,
      triplets.map(([user]) => user),
      triplets.map(([, item]) => item),
      triplets.map(([, , strength]) => strength),
    ),
  )

const at = ({ rowStarts, columnIndices, values }: SparseMatrix, row: number, column: number): number => {
  const place = columnIndices.subarray(rowStarts[row], rowStarts[row + 1]).indexOf(column)
  return place < 0 ? 0 : values[rowStarts[row]! + place]!
}

test('a cosine is symmetric, in [0, 1], and that of the two columns', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const { similarity } = await fitItemItem(history, { neighbours: 9 })
      for (let item = 0; item < 9; item += 1) {
        for (let other = 0; other < 9; other += 1) {
          if (item === other) continue
          const columns = Array.from({ length: 12 }, (_, user) => [at(history, user, item), at(history, user, other)])
          const product = columns.reduce((sum, [one, two]) => sum + one! * two!, 0)
          const lengths = Math.hypot(...columns.map(([one]) => one!)) * Math.hypot(...columns.map(([, two]) => two!))
          const cosine = at(similarity, item, other)
          expect(cosine).toBe(at(similarity, other, item))
          expect(cosine).toBeGreaterThanOrEqual(0)
          expect(cosine).toBeLessThanOrEqual(1)
          expect(cosine).toBeCloseTo(lengths === 0 ? 0 : product / lengths, 12)
        }
      }
    }),
  )
})

test('shrinkage never makes items more similar, and fewer neighbours are the best of more', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.double({ min: 0, max: 50, noNaN: true }), async (history, shrinkage) => {
      const all = (await fitItemItem(history, { neighbours: 9 })).similarity
      const shrunken = (await fitItemItem(history, { neighbours: 9, shrinkage })).similarity
      const few = (await fitItemItem(history, { neighbours: 2 })).similarity
      for (let item = 0; item < 9; item += 1) {
        const row = Array.from({ length: 9 }, (_, other) => at(all, item, other))
        row.forEach((cosine, other) => {
          expect(at(shrunken, item, other)).toBeLessThanOrEqual(cosine)
        })
        const best = row.filter((cosine) => cosine > 0).sort((one, two) => two - one)
        const kept = few.values.slice(few.rowStarts[item], few.rowStarts[item + 1]).sort()
        expect(Array.from(kept.reverse())).toEqual(best.slice(0, 2))
      }
    }),
  )
})

test('no list holds what is excluded or an item twice, and scores fall with ties by item', async () => {
  const masks = fc.uint8Array({ minLength: 9, maxLength: 9, max: 1 })
  await fc.assert(
    fc.asyncProperty(histories, masks, masks, fc.boolean(), async (history, allowed, denied, repeats) => {
      const model = await fitItemItem(history)
      const { users, items, scores } = await recommendItemItem(model, history, { k: 5, allowed, denied, repeats })
      users.forEach((user, list) => {
        const listed = Array.from(items.subarray(list * 5, list * 5 + 5)).filter((item) => item >= 0)
        expect(new Set(listed).size).toBe(listed.length)
        listed.forEach((item, place) => {
          expect(allowed[item]).toBe(1)
          expect(denied[item]).toBe(0)
          if (!repeats) expect(at(history, user, item)).toBe(0)
          if (place === 0) return
          const gap = scores[list * 5 + place - 1]! - scores[list * 5 + place]!
          expect(gap > 0 || (gap === 0 && listed[place - 1]! < item)).toBe(true)
        })
      })
    }),
  )
})
