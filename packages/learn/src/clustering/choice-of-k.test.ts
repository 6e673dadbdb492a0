import { expect, test } from 'vitest'
import { type ChoiceEvidence, type MeasuredK, pickClusters } from './choice-of-k.ts'
import type { ClusterIndices } from './choose-k.ts'

const like = (silhouette: number): ClusterIndices => ({ silhouette, daviesBouldin: 1, calinskiHarabasz: 100 })

/** 2 … 5 clusters: the indices rise up to five, the stabilities are given. */
const measured = (stabilities: readonly (readonly [mean: number, error: number])[]): readonly MeasuredK[] =>
  stabilities.map(([stability, stabilityError], at) => ({
    clusters: 2 + at,
    silhouette: 0.2 + 0.1 * at,
    daviesBouldin: 1 / (1.5 + at),
    calinskiHarabasz: 150 + 50 * at,
    stability,
    stabilityError,
  }))

const nulls = Array.from({ length: 39 }, (_, draw) => Array.from({ length: 4 }, () => like(0.1 + 0.001 * (draw % 5))))

const silhouettes = (indices: readonly ClusterIndices[]): number[] => indices.map(({ silhouette }) => silhouette)

const evidence = (real: readonly ClusterIndices[], share = 1): ChoiceEvidence => ({
  ...{ parted: () => share, nulls, rows: 500, level: 0.05 },
  ...{ merits: silhouettes(real), nullMerits: nulls.map(silhouettes) },
})

function chosen(stabilities: readonly (readonly [number, number])[]) {
  const candidates = measured(stabilities)
  return pickClusters(candidates, evidence(candidates))
}

test('stabilities that differ by no more than their errors say nothing about the number of clusters', () => {
  const alike = chosen([
    [0.993, 0.004],
    [0.987, 0.006],
    [0.996, 0.002],
    [0.97, 0.02],
  ])
  expect(alike.found && alike.clusters).toBe(5)
})

test('a number that is less stable than all others beyond chance loses its tie to the fewer', () => {
  const apart = chosen([
    [0.993, 0.001],
    [0.99, 0.001],
    [0.996, 0.001],
    [0.8, 0.01],
  ])
  expect(apart.found && apart.clusters).toBe(4)
})

test('the best number must come back under resampling, be parted, and lead the null', () => {
  const unstable = chosen([
    [0.5, 0.1],
    [0.5, 0.1],
    [0.5, 0.1],
    [0.5, 0.1],
  ])
  expect(unstable).toMatchObject({ found: false, because: 'unstable' })
  const stable = measured([
    [0.9, 0.01],
    [0.9, 0.01],
    [0.9, 0.01],
    [0.9, 0.01],
  ])
  expect(pickClusters(stable, evidence(stable, 0.2))).toMatchObject({
    found: false,
    because: 'no-valley',
  })
  const lead = Array.from({ length: 4 }, () => like(0.102))
  expect(pickClusters(stable, evidence(lead))).toMatchObject({
    found: false,
    because: 'like-the-null',
  })
})
