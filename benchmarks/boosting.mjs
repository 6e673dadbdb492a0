// Fits boosting on made-up data of two sizes and writes the data where boosting.py can read them.
//
//     node benchmarks/boosting.mjs FOLDER [rows×columns …]    after a build; prints one JSON line a case
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fitBoosting, predictBoostingMargin } from '@rapport/learn'
import { matrix, seededRandom } from '@rapport/numerics'

const [folder, ...shapes] = process.argv.slice(2)
if (!folder) throw new Error('usage: node benchmarks/boosting.mjs FOLDER [ROWSxCOLUMNS …]')
mkdirSync(folder, { recursive: true })

for (const shape of shapes.length > 0 ? shapes : ['20000x20', '1000000x30']) {
  const [rows, columns] = shape.split('x').map(Number)
  const { data, labels } = makeData(rows, columns)
  writeFileSync(join(folder, `x-${shape}.bin`), data.values)
  writeFileSync(join(folder, `y-${shape}.bin`), labels)
  const seconds = []
  const busy = []
  let model
  for (let repeat = 0; repeat < (rows > 100_000 ? 3 : 7); repeat += 1) {
    const start = performance.now()
    const before = process.cpuUsage()
    model = await fitBoosting(data, labels, { seed: 1 })
    seconds.push((performance.now() - start) / 1000)
    const { user, system } = process.cpuUsage(before)
    busy.push((user + system) / 1e6)
  }
  const first = Math.min(rows, 200_000)
  const start = performance.now()
  const margins = predictBoostingMargin(model, matrix(first, columns, data.values.subarray(0, first * columns)))
  const predict = (performance.now() - start) / 1000
  const rising = (values) => values.sort((one, other) => one - other).map((value) => Number(value.toFixed(3)))
  const auc = Number(areaUnderCurve(margins, labels).toFixed(5))
  console.log(
    JSON.stringify({
      program: 'rapport',
      case: shape,
      fit_s: rising(seconds),
      cpu_s: rising(busy),
      predict_s: Number(predict.toFixed(3)),
      auc,
    }),
  )
}

/** Normal columns; the label follows a few of them, two with an interaction and one that is not monotone. */
function makeData(rows, columns) {
  const random = seededRandom(7)
  const values = new Float64Array(rows * columns).map(() => random.normal())
  const labels = new Uint8Array(rows).map((_, row) => {
    const [a, b, c, d, e] = values.subarray(row * columns, row * columns + 5)
    const margin = a - 0.8 * b + 1.2 * c * d + Math.sin(2 * e) - 1
    return random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
  })
  return { data: matrix(rows, columns, values), labels }
}

function areaUnderCurve(scores, labels) {
  const order = Array.from(scores, (_, row) => row).sort((one, other) => scores[one] - scores[other])
  let rankSum = 0
  let ones = 0
  order.forEach((row, rank) => {
    rankSum += labels[row] * (rank + 1)
    ones += labels[row]
  })
  return (rankSum - (ones * (ones + 1)) / 2) / (ones * (order.length - ones))
}
