// Classifiers and their predictions: learned from the first rows of a set and judged by the AUC on those after them (at
// best 0.8625 where the columns count as a sum, 0.8604 elsewhere). The peers' calls are in classifiers.py.
import {
  fitBoosting,
  fitForest,
  fitLogistic,
  predictBoosting,
  predictForest,
  predictLogistic,
  rocAuc,
} from '../../packages/learn/dist/index.js'
import { matrix } from '../../packages/numerics/dist/index.js'

const columnsOf = ({ rows, labels }) => rows.length / labels.length

/** The first rows to learn from, and their labels. */
function known({ rows, labels }, training) {
  const columns = columnsOf({ rows, labels })
  return [matrix(training, columns, rows.subarray(0, training * columns)), labels.subarray(0, training)]
}

/** The rows after them. */
function held({ rows, labels }, training) {
  const columns = columnsOf({ rows, labels })
  return matrix(labels.length - training, columns, rows.subarray(training * columns))
}

const judged = (scores, { labels }, training) => ({ AUC: rocAuc(scores, labels.subarray(training)).value })
const single = (data) => ({ ...data, rows: Float32Array.from(data.rows) })
const boosting = (data, training) => fitBoosting(...known(data, training), { seed: 1 })

/** The second column of a forest's probabilities. */
const sharesOfOne = ({ values }) => Float64Array.from({ length: values.length / 2 }, (_, row) => values[2 * row + 1])

const million = 1_000_000
const predictedAtOnce = (peer) => ({
  name: `batch-${peer.toLowerCase()}`,
  work: `boosting, 200k × 30 predicted at once, beside ${peer}`,
  aim: 1,
  set: 'uneven-1200k',
  prepare: async (data) => ({ model: await boosting(data, million), rows: held(data, million) }),
  run: ({ model, rows }) => predictBoosting(model, rows),
  quality: (scores, data) => judged(scores, data, million),
})

export const classifierCases = [
  ...['f32', 'f64'].map((type) => ({
    name: `logistic-${type}`,
    work: `logistic regression, 1M × 50, ${type}`,
    aim: 1,
    set: 'linear-1200k',
    prepare: type === 'f32' ? single : (data) => data,
    run: (data) => fitLogistic(...known(data, million)),
    quality: (model, data) =>
      judged(predictLogistic(model, held(type === 'f32' ? single(data) : data, million)), data, million),
  })),
  {
    name: 'forest',
    work: 'random forest, 100 trees, 100k × 30',
    aim: 6,
    set: 'uneven-300k',
    // Each side's own defaults: ours has leaves of five rows and 255 bins, the peer's of one row and none.
    run: (data) => fitForest(...known(data, 100_000), { seed: 1 }),
    quality: (model, data) => judged(sharesOfOne(predictForest(model, held(data, 100_000))), data, 100_000),
  },
  {
    name: 'boosting',
    work: 'boosting, 100 rounds, 31 leaves, 1M × 30',
    aim: 1,
    set: 'uneven-1200k',
    run: (data) => boosting(data, million),
    quality: (model, data) => judged(predictBoosting(model, held(data, million)), data, million),
  },
  predictedAtOnce('XGBoost'),
  predictedAtOnce('LightGBM'),
  {
    name: 'one-row',
    work: 'boosting, 100 × 31, one row predicted (p50)',
    aim: '2 µs',
    set: 'uneven-120k',
    async prepare(data) {
      const { rows, columns, values } = held(data, 100_000)
      const one = (row) => matrix(1, columns, values.slice(row * columns, (row + 1) * columns))
      return { model: await boosting(data, 100_000), rows: Array.from({ length: rows }, (_, row) => one(row)) }
    },
    run({ model, rows }) {
      const scores = new Float64Array(rows.length)
      const calls = rows.map((row, at) => {
        const start = performance.now()
        scores[at] = predictBoosting(model, row)[0]
        return performance.now() - start
      })
      return { scores, seconds: calls.sort((one, other) => one - other)[calls.length >> 1] / 1000 }
    },
    quality: ({ scores }, data) => judged(scores, data, 100_000),
  },
]
