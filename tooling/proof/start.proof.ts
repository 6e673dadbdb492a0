import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf, type Ran, rapport } from './command.ts'
import { count, prove } from './record.ts'
import { root } from './rows-file.ts'

const hook = fileURLToPath(new URL('usage.mjs', import.meta.url))

/** What a process used, all its threads together. */
interface Usage {
  /** Largest resident memory. */
  readonly megabytes: number
  readonly processorSeconds: number
}

interface Weighed {
  readonly ran: Ran
  readonly usage: Usage
  readonly reportBytes: number
  /** Time, processor time, memory, and how busy others kept the machine, in words. */
  readonly words: string
}

/** Runs a command in an empty folder of its own and weighs it. */
function weighed(args: readonly string[]): Weighed {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  const waiting = loadavg()[0]!
  try {
    const file = join(folder, 'usage.json')
    const ran = rapport([...args, '--json'], {
      cwd: folder,
      node: ['--import', hook],
      env: { RAPPORT_USAGE_FILE: file },
    })
    const report = join(folder, 'rapport-data', 'report.html')
    const usage = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Usage)
      : { megabytes: Number.NaN, processorSeconds: Number.NaN }
    return {
      ran,
      usage,
      reportBytes: existsSync(report) ? statSync(report).size : 0,
      words:
        `${ran.seconds.toFixed(1)} s (${usage.processorSeconds.toFixed(0)} s of processor time; ${waiting.toFixed(1)} others ` +
        `waiting for processors when it began), at most ${Math.round(usage.megabytes)} MB resident`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface StageTime {
  readonly stage: string
  readonly seconds: number
}

prove({
  name: 'start-time',
  claim:
    'rapport start, from nothing to the report of the demo shop of 5,000 customers: under 90 s and under 2 GB of memory',
  measure: () => {
    const { ran, usage, reportBytes, words } = weighed(['start', '--no-open', '--no-serve'])
    if (ran.status !== 0) return { figure: `exit ${ran.status}: ${messageOf(ran)}`, isMet: false }
    const { analysis } = JSON.parse(ran.stdout) as { analysis: { timings: StageTime[] } }
    const stages = analysis.timings.map(({ stage, seconds }) => `${stage} ${seconds.toFixed(1)}`).join(', ')
    return {
      figure: `${words}; report of ${Math.round(reportBytes / 1024)} kB (seconds: ${stages})`,
      isMet: ran.seconds < 90 && usage.megabytes < 2048 && reportBytes > 0,
    }
  },
})

prove({
  name: 'start-big-demo',
  claim: 'a demo shop of 200,000 customers with at least 10 million events: under 120 s',
  measure: () => {
    const { ran, words } = weighed(['demo', '--customers', '200000'])
    if (ran.status !== 0) return { figure: `exit ${ran.status}: ${messageOf(ran)}`, isMet: false }
    const { customers, orders, events } = JSON.parse(ran.stdout) as Record<'customers' | 'orders' | 'events', number>
    return {
      figure: `${words}: ${count(customers)} customers, ${count(orders)} orders, ${count(events)} events`,
      isMet: ran.seconds < 120 && customers >= 200_000 && events >= 10_000_000,
    }
  },
})

prove({
  name: 'start-packaging',
  claim: 'each package packed, installed into an empty folder and run there',
  measure: () => {
    const started = performance.now()
    const { status, stdout, stderr } = spawnSync(
      join(root, 'node_modules', '.bin', 'vitest'),
      ['run', '--config', 'tooling/vitest.config.ts', 'tooling/packaging.slow.test.ts'],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    )
    const counted = /^\d+ passed, \d+ failed, \d+ skipped$/m.exec(stdout)?.[0] ?? stderr.trim().split('\n').at(-1) ?? ''
    const seconds = (performance.now() - started) / 1000
    return { figure: `tests of the packed packages: ${counted}, ${seconds.toFixed(0)} s`, isMet: status === 0 }
  },
})
