import type { SparseMatrix } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { hashFeatures } from './index.ts'
import { murmurHash } from './murmur-hash.ts'

// Reference: scikit-learn 1.9.1 murmurhash3_32 and FeatureHasher; made by golden/make/hashing-interactions.py. Equal bit for
// bit. Texts of every length modulo 4, and of one to four bytes a character.
const { values: golden, agree } = readGolden<{
  hashes: [string, number, number][]
  rows: string[][]
  pairs: [string, number][][]
  hashed: { columns: number; signed: boolean; words: number[][]; pairs: number[][] }[]
}>(new URL('golden/hashing-interactions.json', import.meta.url))

test('hashes as MurmurHash3', () => {
  for (const [word, seed, hash] of golden.hashes) {
    agree('feature hashing', murmurHash(new TextEncoder().encode(word), seed), hash, 0)
  }
})

/** Entries that are not 0, which two that cancel become. */
function entries({ rows, rowStarts, columnIndices, values }: SparseMatrix): number[][] {
  const found: number[][] = []
  for (let row = 0; row < rows; row += 1) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at += 1) {
      if (values[at] !== 0) found.push([row, columnIndices[at]!, values[at]!])
    }
  }
  return found
}

test.each(golden.hashed)('as FeatureHasher: $columns columns, signed $signed', ({ columns, signed, words, pairs }) => {
  agree('feature hashing', entries(hashFeatures(golden.rows, { columns, signed })).flat(), words.flat(), 0)
  agree('feature hashing', entries(hashFeatures(golden.pairs, { columns, signed })).flat(), pairs.flat(), 0)
})

test('signs leave sums right on average where features meet', () => {
  // Law: with signs, the expected product of two rows' hashed features is the product of the rows themselves.
  const rows = [0, 1].map((own) => Array.from({ length: 600 }, (_, at) => (at < 60 ? `both ${at}` : `${own}-${at}`)))
  const { rowStarts, columnIndices, values } = hashFeatures(rows, { columns: 4096 })
  let product = 0
  const first = new Map<number, number>()
  for (let at = 0; at < rowStarts[1]!; at += 1) first.set(columnIndices[at]!, values[at]!)
  for (let at = rowStarts[1]!; at < rowStarts[2]!; at += 1)
    product += (first.get(columnIndices[at]!) ?? 0) * values[at]!
  // 60, give or take three times the deviation √(2 · 600² / 4096) = 13.
  expect(Math.abs(product - 60)).toBeLessThan(40)
})

test('what means nothing is refused', () => {
  expect(() => hashFeatures([[]], { columns: 0 })).toThrow('a whole number from 1 to 2147483647, got 0')
  expect(() => hashFeatures([[['spend', Number.NaN]]])).toThrow('values must be finite, got NaN of spend at row 0')
  expect(hashFeatures([], { columns: 4 }).rows).toBe(0)
})
