// k-means beside scikit-learn: 1,000,000 × 16 float64, 8 clusters, 20 Lloyd rounds from the first 8 rows.
//
//   node benchmarks/k-means.mjs [python with scikit-learn]
//
// Both sides read the same file and time the fit alone, the copy into kernel memory included; median of five.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fitKMeans } from '../packages/learn/dist/index.js'
import { matrix, seededRandom } from '../packages/numerics/dist/index.js'

const [rows, columns, clusters] = [1_000_000, 16, 8]
const random = seededRandom(1)
const centres = Float64Array.from({ length: 40 * columns }, () => 3 * random.normal())
const data = matrix(rows, columns)
for (let row = 0; row < rows; row += 1) {
  const centre = random.integer(40) * columns
  for (let column = 0; column < columns; column += 1) {
    data.values[row * columns + column] = centres[centre + column] + random.normal()
  }
}
const initial = matrix(clusters, columns, data.values.slice(0, clusters * columns))

const ours = []
let model
for (let run = 0; run < 5; run += 1) {
  const start = performance.now()
  model = await fitKMeans(data, { clusters, initial, tolerance: 0, roundsMax: 20, seed: 1 })
  ours.push((performance.now() - start) / 1000)
}

const folder = mkdtempSync(join(tmpdir(), 'k-means-'))
try {
  const file = join(folder, 'rows.f64')
  writeFileSync(file, new Uint8Array(data.values.buffer))
  const script = fileURLToPath(new URL('k-means.py', import.meta.url))
  const theirs = JSON.parse(
    execFileSync(process.argv[2] ?? 'python3', [script, file, String(columns), String(clusters)], { encoding: 'utf8' }),
  )
  const median = (times) => [...times].sort((a, b) => a - b)[2]
  const line = (name, times, inertia, rounds) =>
    console.log(
      `${name.padEnd(22)} ${median(times).toFixed(3)} s (${Math.min(...times).toFixed(3)} – ${Math.max(...times).toFixed(3)})  inertia ${inertia.toPrecision(12)}  rounds ${rounds}`,
    )
  console.log(`${rows} × ${columns}, ${clusters} clusters, 20 rounds at most, ${availableParallelism()} cores`)
  line('rapport', ours, model.inertia, model.rounds)
  line(`scikit-learn ${theirs.version}`, theirs.times, theirs.inertia, theirs.rounds)
  console.log(`ratio ${(median(theirs.times) / median(ours)).toFixed(2)}×`)
} finally {
  rmSync(folder, { recursive: true })
}
