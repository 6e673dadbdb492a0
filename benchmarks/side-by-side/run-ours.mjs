// Our side of one case in a process of its own: runs over data read before; prints seconds, quality and memory as JSON.
//
//     node run-ours.mjs CASE FOLDER RUNS
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from './cases.mjs'

const [name, folder, runs] = process.argv.slice(2)
const { prepare, run, quality } = cases.find((one) => one.name === name)
const data = Object.fromEntries(
  readdirSync(folder).map((file) => {
    const { buffer } = Uint8Array.from(readFileSync(join(folder, file)))
    return [file.split('.')[0], file.endsWith('.i32') ? new Int32Array(buffer) : new Float64Array(buffer)]
  }),
)
const prepared = prepare ? await prepare(data) : data
const status = (field) => Number(readFileSync('/proc/self/status', 'utf8').match(`${field}:\\s+(\\d+)`)[1]) / 1024
// From here on the peak is that of the runs.
writeFileSync('/proc/self/clear_refs', '5')
const before = status('VmRSS')
const times = []
let result
let megabytes
for (let repeat = 0; repeat < Number(runs); repeat += 1) {
  const start = performance.now()
  result = await run(prepared)
  times.push(result.seconds ?? (performance.now() - start) / 1000)
  megabytes ??= status('VmHWM') - before
}
console.log(
  JSON.stringify({ times, megabytes, quality: quality(result, data), version: `node ${process.versions.node}` }),
)
