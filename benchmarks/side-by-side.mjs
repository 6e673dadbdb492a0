// Clusterings, factorizations, lifetimes and classifiers beside scikit-learn, lifetimes, LightGBM and XGBoost: medians of
// five, quality beside time.
//
//     node benchmarks/side-by-side.mjs [PYTHON] [--lifetimes PYTHON] [--only CASE,…] [--data FOLDER] [--runs 5] [--write]    after a build
//
// Each side of a case runs in a process of its own over the same files, which --data keeps for the next time. --write puts
// the rows into README.md. Memory is the peak of the first run above what the data and the program took before.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cases, sets } from './side-by-side/cases.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lifetimes: { type: 'string' },
    only: { type: 'string' },
    data: { type: 'string' },
    runs: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
})
const python = positionals[0] ?? 'python3'
const env = { ...process.env }
// Some images set these for older processors, which slows numpy down.
delete env.OPENBLAS_CORETYPE
delete env.OPENBLAS_L2_SIZE

const header = [
  '| work | ours s | peer s | times as fast | aim | quality, ours and peer | ours MB | peer MB | peer |',
  '|---|---:|---:|---:|---:|---|---:|---:|---|',
]

function compare() {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'side-by-side-'))
  const asked = options.only?.split(',')
  const rows = new Map()
  try {
    console.log(header.join('\n'))
    for (const one of cases) {
      if (asked && !asked.includes(one.name)) continue
      const folder = setFolder(data, one.set)
      const run = (program, script) =>
        JSON.parse(
          execFileSync(program, [join(here, 'side-by-side', script), one.name, folder, options.runs], {
            env,
            encoding: 'utf8',
          }),
        )
      const ours = run(process.execPath, 'run-ours.mjs')
      const theirs = run(one.name === 'bg-nbd' ? (options.lifetimes ?? python) : python, 'run_theirs.py')
      rows.set(one.work, rowOf(one, ours, theirs))
      console.log(rows.get(one.work))
    }
  } finally {
    if (!options.data) rmSync(data, { recursive: true })
  }
  if (options.write) writeReadme(rows)
}

/** The folder of a set's files, one a typed array, made when it is not there. */
function setFolder(data, name) {
  const folder = join(data, name)
  if (existsSync(folder)) return folder
  const arrays = Object.entries(sets[name]())
  mkdirSync(folder, { recursive: true })
  for (const [array, values] of arrays) {
    writeFileSync(
      join(folder, `${array}.${values instanceof Int32Array ? 'i32' : 'f64'}`),
      new Uint8Array(values.buffer),
    )
  }
  return folder
}

function rowOf({ work, aim }, ours, theirs) {
  const median = ({ times }) => times.toSorted((one, other) => one - other)[times.length >> 1]
  const seconds = (side) => Number(median(side).toPrecision(3))
  const quality = Object.entries(ours.quality).map(([what, value]) => {
    const [one, other] = [value, theirs.quality[what]].map((figure) => Number(figure.toPrecision(8)))
    return `${what} ${one} and ${other}`
  })
  const cells = [
    work,
    seconds(ours),
    seconds(theirs),
    (median(theirs) / median(ours)).toFixed(2),
    aim,
    quality.join(', '),
    // What was there before may have been given back meanwhile.
    Math.max(0, ours.megabytes).toFixed(0),
    Math.max(0, theirs.megabytes).toFixed(0),
    theirs.version,
  ]
  return `| ${cells.join(' | ')} |`
}

/** Rows that were not measured now stay as they are. */
function writeReadme(rows) {
  const path = join(here, 'README.md')
  const [start, end] = ['<!-- side-by-side: written by --write -->', '<!-- side-by-side: end -->']
  const readme = readFileSync(path, 'utf8')
  const [from, to] = [readme.indexOf(start) + start.length, readme.indexOf(end)]
  const known = readme.slice(from, to).split('\n')
  const table = cases.map(({ work }) => rows.get(work) ?? known.find((line) => line.startsWith(`| ${work} |`)))
  const note = `Medians of ${options.runs} runs on ${cpus().length} cores (${cpus()[0].model}).`
  const block = ['', '', note, '', ...header, ...table.filter(Boolean), '', ''].join('\n')
  writeFileSync(path, readme.slice(0, from) + block + readme.slice(to))
}

compare()
