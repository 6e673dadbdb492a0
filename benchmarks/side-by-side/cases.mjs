// What is compared: the data, what is prepared before the clock runs, our call, what tells that the result is as good, and
// the aim in times as fast as the peer. A call that measures itself gives `seconds` with its result. The peer's call is in
// run_theirs.py under the same name.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  adjustedRand,
  calinskiHarabasz,
  cutIntoClusters,
  daviesBouldin,
  fitAgglomerative,
  fitBgNbd,
  fitDbscan,
  fitNmf,
  fitTruncatedSvd,
  silhouette,
} from '../../packages/learn/dist/index.js'
import { matrix } from '../../packages/numerics/dist/index.js'
import { classifierCases } from './classifier-cases.mjs'
import { blobs, densePlaces, documentTerms, linearRows, unevenRows } from './made-data.mjs'

const sparse = ({ starts, columns, values }) => ({
  rows: starts.length - 1,
  columns: 20_000,
  rowStarts: starts,
  columnIndices: columns,
  values,
})

const lengthOf = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

export const cases = [
  {
    name: 'silhouette',
    work: 'silhouette, exact, 20k × 16',
    aim: 3,
    set: 'blobs-20k-16-8',
    run: ({ rows, labels }) => silhouette(matrix(20_000, 16, rows), labels),
    quality: ({ mean }) => ({ mean }),
  },
  {
    name: 'davies-bouldin',
    work: 'Davies-Bouldin, 1M × 16',
    aim: 2,
    set: 'blobs-1M-16-8',
    run: ({ rows, labels }) => daviesBouldin(matrix(1_000_000, 16, rows), labels),
    quality: (index) => ({ index }),
  },
  {
    name: 'calinski-harabasz',
    work: 'Calinski-Harabasz, 1M × 16',
    aim: 2,
    set: 'blobs-1M-16-8',
    run: ({ rows, labels }) => calinskiHarabasz(matrix(1_000_000, 16, rows), labels),
    quality: (index) => ({ index }),
  },
  {
    name: 'dbscan',
    work: 'DBSCAN, 200k × 3',
    aim: 3,
    set: 'dense-200k',
    run: ({ rows }) => fitDbscan(matrix(200_000, 3, rows), { radius: 1, neighboursMin: 10 }),
    quality: ({ clusters, labels }) => ({ clusters, noise: labels.filter((label) => label < 0).length }),
  },
  {
    name: 'ward',
    work: 'Ward, 20k × 10',
    aim: 6,
    set: 'blobs-20k-10-10',
    run: ({ rows }) => fitAgglomerative(matrix(20_000, 10, rows)),
    quality: (tree, { labels }) => ({ 'adjusted Rand': adjustedRand(cutIntoClusters(tree, 10), labels) }),
  },
  {
    name: 'bg-nbd',
    work: 'BG/NBD, CDNOW',
    aim: 10,
    set: 'cdnow',
    run: ({ frequency, recency, age }) => fitBgNbd({ frequency, recency, age }),
    quality: ({ logLikelihood }) => ({ 'log-likelihood': logLikelihood }),
  },
  {
    name: 'svd',
    work: 'randomised SVD, rank 20, 50k × 20k, 6.1M non-zeros',
    aim: 0.7,
    set: 'documents',
    run: (set) => fitTruncatedSvd(sparse(set), { components: 20, seed: 1 }),
    quality: ({ singularValues }, { values }) => ({ energy: (lengthOf(singularValues) / lengthOf(values)) ** 2 }),
  },
  {
    name: 'nmf',
    work: 'NMF, rank 20, 50 rounds, same matrix',
    aim: 1,
    set: 'documents',
    // No tolerance ends it early, as with the peer's of 0.
    run: (set) => fitNmf(sparse(set), { components: 20, roundsMax: 50, tolerance: 1e-300, seed: 1 }),
    quality: ({ error }, { values }) => ({ 'relative error': error / lengthOf(values) }),
  },
  ...classifierCases,
]

/** How the sets are made: typed arrays by name. */
export const sets = {
  'blobs-20k-16-8': () => blobs(20_000, 16, 8),
  'blobs-1M-16-8': () => blobs(1_000_000, 16, 8),
  'blobs-20k-10-10': () => blobs(20_000, 10, 10),
  'dense-200k': () => densePlaces(200_000),
  documents: () => documentTerms(),
  cdnow: readCdnow,
  'linear-1200k': () => linearRows(1_200_000, 50),
  'uneven-120k': () => unevenRows(120_000),
  'uneven-300k': () => unevenRows(300_000),
  'uneven-1200k': () => unevenRows(1_200_000),
}

/** Histories of 2,357 customers in weeks, from `RAPPORT_DATA` or the folder beside the checkout. */
function readCdnow() {
  const folder = process.env.RAPPORT_DATA ?? fileURLToPath(new URL('../../../shared/data/public', import.meta.url))
  const lines = readFileSync(join(folder, 'cdnow/cdnow_customers_summary.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
  const column = (at) => Float64Array.from(lines, (line) => Number(line.split(',')[at]))
  return { frequency: column(1), recency: column(2), age: column(3) }
}
