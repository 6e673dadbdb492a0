import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { count, prove } from './record.ts'

/** How a server started. */
interface Start {
  /** Of the live copy, s. */
  readonly liveSeconds: number
  /** From the start of the process until everybody is in their segments, s. */
  readonly wholeAfter: number
  readonly slowestAnswerMs: number
  readonly megabytes: number
  readonly said: string
}

interface Figures {
  readonly cores: number
  readonly first: Start
  readonly rebuild: Start
  readonly restart: Start
  readonly killed: Start
  readonly snapshotMegabytes: number
}

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const benchmark = fileURLToPath(new URL('../../benchmarks/live-start.mjs', import.meta.url))
const customers = 200_000
const events = 5_000_000

let figures: Figures | undefined

/** One run for both rows: the store takes long to be made. */
function measured(): Figures {
  figures ??= JSON.parse(
    execFileSync(
      process.execPath,
      [
        benchmark,
        '--json',
        '--customers',
        String(customers),
        '--events',
        String(events),
        '--folder',
        join(folder, 'shop'),
      ],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    ),
  ) as Figures
  return figures
}

const aCustomer = (megabytes: number): string =>
  `${count(Math.round((megabytes * 2 ** 20) / customers))} bytes a customer`
const isBuilt = ({ said }: Start): boolean => said.includes('built from the log')

prove({
  name: 'live-rebuild',
  claim: `${count(customers)} customers, ${count(events)} events, 50 declared features and 30 segments: all built from the log in under 60 s while the server answers`,
  measure: () => {
    const { cores, first, rebuild } = measured()
    return {
      figure: `${rebuild.liveSeconds} s on ${cores} cores, slowest answer meanwhile ${rebuild.slowestAnswerMs} ms, ${rebuild.megabytes} MB at most, ${aCustomer(rebuild.megabytes)}; the first time, with everybody entering their segments, ${first.liveSeconds} s`,
      isMet: isBuilt(first) && isBuilt(rebuild) && rebuild.liveSeconds < 60,
    }
  },
})

prove({
  name: 'live-restart',
  claim:
    'the same store: everybody is in their segments under 5 s after a start, after a clean end and after kill -9, from what the snapshot holds',
  measure: () => {
    const { restart, killed, snapshotMegabytes } = measured()
    const each = (start: Start): string => `${start.wholeAfter} s (${start.liveSeconds} s of it the live copy’s)`
    return {
      figure: `${each(restart)}, after kill -9 ${each(killed)}; slowest answers meanwhile ${restart.slowestAnswerMs} and ${killed.slowestAnswerMs} ms; ${restart.megabytes} MB at most, snapshot ${snapshotMegabytes} MB`,
      isMet: [restart, killed].every((start) => !isBuilt(start) && start.wholeAfter < 5),
    }
  },
})
