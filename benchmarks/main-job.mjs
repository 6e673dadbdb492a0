// The whole analysis of one order file beside a vectorised Python script (polars, NumPy, SciPy, scikit-learn, implicit).
//
//     node benchmarks/main-job.mjs [PYTHON] [--runs 5] [--file ORDERS.parquet] [--write]    after a build
//
// Both run stage by stage in processes of their own, in turn, on the same machine. --write puts the table into README.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareOutputs } from './main-job/compare-outputs.mjs'
import { runOurs } from './main-job/run-ours.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    file: {
      type: 'string',
      default: join(here, '../../shared/data/public/online_retail_ii_2009/online_retail_II_2009_2010.parquet'),
    },
    write: { type: 'boolean', default: false },
    ours: { type: 'string' },
    checks: { type: 'boolean', default: false },
    beside: { type: 'boolean', default: false },
  },
})

/** Runs both sides in turn and prints medians and what came out. */
function compare(python, runs) {
  const env = { ...process.env }
  // Some images set these for older processors, which slows numpy down.
  delete env.OPENBLAS_CORETYPE
  delete env.OPENBLAS_L2_SIZE
  const inFolder = (run) => {
    const folder = mkdtempSync(join(tmpdir(), 'main-job-'))
    try {
      return JSON.parse(run(folder))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const both = { ours: [], beside: [], theirs: [] }
  const said = { env, encoding: 'utf8', maxBuffer: 2 ** 26 }
  for (let run = 0; run < runs; run += 1) {
    const extra = run === 0 ? ['--checks'] : []
    const peer = [join(here, 'main-job.py'), options.file]
    both.theirs.push(inFolder((folder) => execFileSync(python, [...peer, folder, ...extra], said)))
    const script = [fileURLToPath(import.meta.url), '--file', options.file]
    const ours = (more) =>
      inFolder((folder) => execFileSync(process.execPath, [...script, '--ours', folder, ...more], said))
    both.ours.push(ours(extra))
    both.beside.push(ours([...extra, '--beside']))
    const [apart, beside] = [both.ours, both.beside].map((runs) => JSON.stringify(runs.at(-1).outputs))
    if (apart !== beside) throw new Error('stages must give the same beside each other as one after another')
  }
  const table = tableOf(both)
  const differences = compareOutputs(both.ours[0].outputs, both.theirs[0].outputs)
  const versions = [both.ours[0].versions, both.theirs[0].versions].map((list) =>
    Object.entries(list)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )
  const text = [table, '', ...differences, '', `Ours: ${versions[0]}. Python: ${versions[1]}.`].join('\n')
  console.log(text)
  if (options.write) writeReadme(text, runs)
}

function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1]
}

function tableOf({ ours, beside, theirs }) {
  const lines = [
    '| stage | ours s | Python s | times as fast | ours CPU s | Python CPU s | CPU ratio | ours MB | Python MB |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
  ]
  const line = (name, [a, b, busyA, busyB], rss) =>
    `| ${[name, a.toFixed(2), b.toFixed(2), (b / a).toFixed(2), busyA.toFixed(2), busyB.toFixed(2), (busyB / busyA).toFixed(2), ...rss].join(' | ')} |`
  const of = (runs, at, what) => median(runs.map(({ stages }) => stages[at][what]))
  const total = (runs, what) => runs[0].stages.reduce((sum, _, at) => sum + of(runs, at, what), 0)
  for (const [at, { stage }] of ours[0].stages.entries()) {
    const numbers = ['seconds', 'cpu'].flatMap((what) => [of(ours, at, what), of(theirs, at, what)])
    lines.push(line(stage, numbers, [of(ours, at, 'rss').toFixed(0), of(theirs, at, 'rss').toFixed(0)]))
  }
  const peak = (runs) => of(runs, runs[0].stages.length - 1, 'rss').toFixed(0)
  for (const [name, runs] of [
    ['**all, one after another**', ours],
    ['**all**', beside],
  ]) {
    const numbers = ['seconds', 'cpu'].flatMap((what) => [total(runs, what), total(theirs, what)])
    lines.push(line(name, numbers, [peak(runs), peak(theirs)]))
  }
  return lines.join('\n')
}

function writeReadme(text, runs) {
  const path = join(here, 'README.md')
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: here }).trim()
  const [start, end] = ['<!-- main-job: written by --write -->', '<!-- main-job: end -->']
  const readme = readFileSync(path, 'utf8')
  const from = readme.indexOf(start) + start.length
  const note = `Medians of ${runs} runs on ${cpus().length} cores (${cpus()[0].model}), commit ${commit}.`
  const block = `\n\n${note}\n\n${text}\n\n`
  writeFileSync(path, readme.slice(0, from) + block + readme.slice(readme.indexOf(end)))
}

if (options.ours) await runOurs(options.file, options.ours, options)
else compare(positionals[0] ?? 'python3', Number(options.runs))
