import { type Matrix, matrix, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitAgglomerative } from './agglomerative.ts'
import { cutAtHeight, cutIntoClusters, type Linkage } from './dendrogram.ts'

const linkage = fc.constantFrom<Linkage[]>('ward', 'average', 'complete', 'single')
const cloud = fc
  .record({ rows: fc.integer({ min: 2, max: 70 }), columns: fc.integer({ min: 1, max: 6 }), seed: fc.nat() })
  .map(({ rows, columns, seed }) => {
    const random = seededRandom(seed)
    return matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, () => random.normal()),
    )
  })

/** Distance of two clusters straight from the definition. */
function distanceBetween(kind: Linkage, data: Matrix, a: readonly number[], b: readonly number[]): number {
  const at = (row: number, column: number): number => data.values[row * data.columns + column]!
  const columns = Array.from({ length: data.columns }, (_, column) => column)
  if (kind === 'ward') {
    const mean = (rows: readonly number[], column: number): number =>
      rows.reduce((sum, row) => sum + at(row, column), 0) / rows.length
    const gap = Math.hypot(...columns.map((column) => mean(a, column) - mean(b, column)))
    return gap * Math.sqrt((2 * a.length * b.length) / (a.length + b.length))
  }
  const pairs = a.flatMap((one) =>
    b.map((other) => Math.hypot(...columns.map((column) => at(one, column) - at(other, column)))),
  )
  if (kind === 'average') return pairs.reduce((sum, distance) => sum + distance, 0) / pairs.length
  return kind === 'complete' ? Math.max(...pairs) : Math.min(...pairs)
}

/** Heights of always merging the closest two. */
function heightsByDefinition(kind: Linkage, data: Matrix): number[] {
  const clusters = Array.from({ length: data.rows }, (_, row) => [row])
  const heights: number[] = []
  while (clusters.length > 1) {
    let best = { a: 0, b: 0, distance: Infinity }
    for (let a = 0; a < clusters.length; a += 1) {
      for (let b = a + 1; b < clusters.length; b += 1) {
        const distance = distanceBetween(kind, data, clusters[a]!, clusters[b]!)
        if (distance < best.distance) best = { a, b, distance }
      }
    }
    heights.push(best.distance)
    clusters[best.a]!.push(...clusters.splice(best.b, 1)[0]!)
  }
  return heights
}

test('merges the closest two each time', () =>
  fc.assert(
    fc.asyncProperty(linkage, cloud, async (kind, data) => {
      const { heights } = await fitAgglomerative(data, { linkage: kind })
      heightsByDefinition(kind, data).forEach((height, merge) => {
        expect(Math.abs(heights[merge]! / height - 1)).toBeLessThan(1e-9)
      })
    }),
    { numRuns: 30 },
  ))

test('a cut at a merge’s height is the cut into as many clusters as are left', () =>
  fc.assert(
    fc.asyncProperty(linkage, cloud, fc.nat(), async (kind, data, at) => {
      const tree = await fitAgglomerative(data, { linkage: kind })
      const merge = at % tree.heights.length
      expect(cutAtHeight(tree, tree.heights[merge]!)).toEqual(cutIntoClusters(tree, data.rows - merge - 1))
    }),
  ))

test('a finer cut parts one cluster and joins none; labels go by size', () =>
  fc.assert(
    fc.asyncProperty(linkage, cloud, fc.nat(), async (kind, data, at) => {
      const tree = await fitAgglomerative(data, { linkage: kind })
      const k = 1 + (at % (data.rows - 1))
      const coarse = cutIntoClusters(tree, k)
      const fine = cutIntoClusters(tree, k + 1)
      expect(new Set(coarse).size).toBe(k)
      expect(new Set(Array.from(fine, (label, row) => `${label} ${coarse[row]}`)).size).toBe(k + 1)
      const sizes = Array.from({ length: k }, (_, label) => coarse.filter((own) => own === label).length)
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    }),
  ))
