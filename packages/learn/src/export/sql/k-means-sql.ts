import { rowOf } from '@rapport/numerics'
import type { KMeansModel } from '../../clustering/index.ts'
import { literal, sum } from './expressions.ts'
import { checkInputs, numbered, references, type SqlLayers } from './layers.ts'

/** The nearest centroid, the first of equals, and the distance to it. */
export function kMeansLayers({ kind, centroids }: KMeansModel, inputs: readonly string[]): SqlLayers {
  checkInputs(kind, centroids.columns, inputs)
  const squares = numbered(
    'square',
    Array.from({ length: centroids.rows }, (_, cluster) => {
      const centre = rowOf(centroids, cluster)
      return sum(
        inputs.map((input, at) => `(${input} - ${literal(centre[at]!)}) * (${input} - ${literal(centre[at]!)})`),
      )
    }),
  )
  const names = references(squares)
  const least = `least(${names.join(', ')})`
  const choice = names.map((square, cluster) => `when ${square} = ${least} then ${cluster}`).join(' ')
  return [
    squares,
    [
      { name: 'cluster', sql: `case ${choice} end` },
      { name: 'distance', sql: `sqrt(${least})` },
    ],
  ]
}
