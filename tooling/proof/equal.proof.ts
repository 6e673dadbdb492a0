import { readFileSync } from 'node:fs'
import { matrixFromRows } from '@rapport/numerics'
import {
  assignKMeans,
  calinskiHarabasz,
  daviesBouldin,
  fitKMeans,
  silhouette,
} from '../../packages/learn/src/clustering/index.ts'
import { fitLogistic, predictLogistic } from '../../packages/learn/src/linear/index.ts'
import { type BoostingOptions, fitBoosting, predictBoosting } from '../../packages/learn/src/trees/index.ts'
import { prove } from './record.ts'

// What scikit-learn gave on small data sets, kept beside the tests of each method together with the program that made
// it (golden/make/). A row shows the largest difference between the two programs.

interface Header {
  readonly versions: Readonly<Record<string, string>>
}

const golden = <Golden>(room: string, name: string): Golden & Header => {
  const file = new URL(`../../packages/learn/src/${room}/golden/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Golden & Header
}

const withVersion = ({ versions }: Header): string => `scikit-learn ${versions['scikit-learn']}`

const largest = (found: ArrayLike<number>, expected: readonly number[]): number =>
  expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0)

const difference = (value: number): string => (value === 0 ? '0' : value.toExponential(1))

interface KMeansFit {
  readonly tolerance: number
  readonly roundsMax: number
  readonly initial: number[][]
  readonly weights: number[] | null
  readonly labels: number[]
  readonly inertia: number
  readonly rounds: number
}

prove({
  name: 'equal-k-means',
  claim:
    'k-means from the same starts: every row in the same cluster, the same rounds, inertias to 1e-12 of their size',
  measure: async () => {
    const reference = golden<{ data: number[][]; fits: KMeansFit[]; emptyClusters: KMeansFit[] }>(
      'clustering',
      'k-means',
    )
    const data = matrixFromRows(reference.data)
    let worst = 0
    let otherLabels = 0
    let otherRounds = 0
    const fits = [...reference.fits, ...reference.emptyClusters]
    for (const fit of fits) {
      const model = await fitKMeans(data, {
        clusters: fit.initial.length,
        initial: matrixFromRows(fit.initial),
        tolerance: fit.tolerance,
        roundsMax: fit.roundsMax,
        seed: 1,
        ...(fit.weights && { weights: Float64Array.from(fit.weights) }),
      })
      worst = Math.max(worst, Math.abs(model.inertia / fit.inertia - 1))
      otherRounds += Number(model.rounds !== fit.rounds)
      const { labels } = await assignKMeans(model, data)
      // Ours are ordered by size: each of our numbers must stand for one of theirs throughout.
      const theirs = new Map<number, number>()
      labels.forEach((label, row) => {
        if (!theirs.has(label)) theirs.set(label, fit.labels[row]!)
        otherLabels += Number(theirs.get(label) !== fit.labels[row])
      })
    }
    return {
      figure:
        `${fits.length} fits of ${data.rows} rows (${withVersion(reference)}): ${otherLabels} rows in another cluster, ` +
        `${otherRounds} fits with other rounds, inertia at most ${difference(worst)} apart, as a share of it`,
      isMet: worst < 1e-12 && otherLabels === 0 && otherRounds === 0,
    }
  },
})

interface IndexCase {
  readonly labels: number[]
  readonly silhouette: number
  readonly silhouettes: number[]
  readonly daviesBouldin: number
  readonly calinskiHarabasz: number
}

prove({
  name: 'equal-silhouette',
  claim: 'silhouettes, row by row and on average, Davies-Bouldin and Calinski-Harabasz to 1e-10',
  measure: async () => {
    const reference = golden<{ data: number[][]; cases: IndexCase[] }>('clustering', 'cluster-indices')
    const data = matrixFromRows(reference.data)
    let [row, average, others] = [0, 0, 0]
    for (const expected of reference.cases) {
      const labels = Int32Array.from(expected.labels)
      const { mean, values } = await silhouette(data, labels)
      row = Math.max(row, largest(values, expected.silhouettes))
      average = Math.max(average, Math.abs(mean - expected.silhouette))
      others = Math.max(
        others,
        Math.abs(daviesBouldin(data, labels) / expected.daviesBouldin - 1),
        Math.abs(calinskiHarabasz(data, labels) / expected.calinskiHarabasz - 1),
      )
    }
    return {
      figure:
        `${reference.cases.length} clusterings (${withVersion(reference)}): a row at most ${difference(row)} apart, ` +
        `an average ${difference(average)}, the two other indices ${difference(others)} of their size`,
      isMet: Math.max(row, average, others) < 1e-10,
    }
  },
})

interface LogisticFit {
  readonly penalty: number
  readonly intercept: number
  readonly coefficients: number[]
  readonly probabilities: number[]
}

prove({
  name: 'equal-logistic',
  claim:
    'logistic regression, several penalties, with and without weights: coefficients to 1e-7, probabilities to 1e-8',
  measure: () => {
    const reference = golden<{
      x: number[][]
      y: number[]
      weights: number[]
      unweighted: LogisticFit[]
      weighted: LogisticFit[]
    }>('linear', 'logistic-regression')
    const data = matrixFromRows(reference.x)
    const fits = [
      ...reference.unweighted.map((expected) => ({ expected, weights: {} })),
      ...reference.weighted.map((expected) => ({ expected, weights: { weights: reference.weights } })),
    ]
    let [coefficients, probabilities] = [0, 0]
    for (const { expected, weights } of fits) {
      const model = fitLogistic(data, reference.y, { penalty: expected.penalty, ...weights })
      coefficients = Math.max(coefficients, largest(model.coefficients, expected.coefficients))
      probabilities = Math.max(probabilities, largest(predictLogistic(model, data), expected.probabilities))
    }
    return {
      figure:
        `${fits.length} fits of ${data.rows} rows (${withVersion(reference)}): a coefficient at most ` +
        `${difference(coefficients)} apart, a probability ${difference(probabilities)}`,
      isMet: coefficients < 1e-7 && probabilities < 1e-8,
    }
  },
})

interface BoostingCase {
  readonly options: Omit<BoostingOptions, 'seed'>
  readonly weights: number[] | null
  readonly rows: (number | null)[][]
  readonly labels: number[]
  readonly new_rows: (number | null)[][]
  readonly training_probabilities: number[]
  readonly new_probabilities: number[]
}

const table = (rows: (number | null)[][]) => matrixFromRows(rows.map((row) => row.map((value) => value ?? Number.NaN)))

prove({
  name: 'equal-boosting',
  claim:
    'boosting on at most 255 distinct values a column, missing values, categories and weights: predictions to 1e-6',
  measure: async () => {
    const names = ['numeric', 'missing', 'categories', 'weights']
    const apart: string[] = []
    let worst = 0
    let version = ''
    for (const name of names) {
      const reference = golden<BoostingCase>('trees', name)
      version = withVersion(reference)
      const data = table(reference.rows)
      const weights = reference.weights ? { weights: reference.weights } : {}
      // scikit-learn does not hold splits by categories back.
      const options = { ...reference.options, ...weights, categoryL2: 0, seed: 1 }
      const model = await fitBoosting(data, reference.labels, options)
      const most = Math.max(
        largest(predictBoosting(model, data), reference.training_probabilities),
        largest(predictBoosting(model, table(reference.new_rows)), reference.new_probabilities),
      )
      worst = Math.max(worst, most)
      apart.push(`${name} ${difference(most)}`)
    }
    return {
      figure: `a probability, of training or new rows, at most this far apart (${version}): ${apart.join(', ')}`,
      isMet: worst < 1e-6,
    }
  },
})
