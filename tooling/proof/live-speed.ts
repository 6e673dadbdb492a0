import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { count, prove } from './record.ts'

interface Spread {
  readonly n: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** What the runs are ordered by, of each in order: this is the one in the middle. */
  readonly of: readonly number[]
}

interface Figures {
  readonly load: Spread & {
    readonly eventsPerSecond: number
    readonly acknowledged: number
    readonly processor: number
    readonly generator: number
    readonly statuses: Readonly<Record<string, number>>
  }
  readonly entries: Spread
  readonly entriesUnderLoad: Spread & { readonly eventsPerSecond: number }
  readonly reads: Spread
  readonly readsUnderLoad: Spread & { readonly eventsPerSecond: number }
  readonly most: number
}

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-speed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const benchmark = fileURLToPath(new URL('../../benchmarks/live-server.mjs', import.meta.url))
const customers = 200_000
const parts = ['--only', 'load,entries,reads', '--runs', '3']

let figures: Figures | undefined

/** One run for all rows: the store takes as long to be made as all of them to be measured. */
function measured(): Figures {
  figures ??= JSON.parse(
    execFileSync(
      process.execPath,
      [benchmark, '--json', '--customers', String(customers), '--folder', join(folder, 'shop'), ...parts],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    ),
  ) as Figures
  return figures
}

const ms = (value: number): string => `${value.toFixed(1)} ms`
const spread = ({ n, p50, p99, longest, of }: Spread): string =>
  `${ms(p50)} (median), ${ms(p99)} (p99; of ${of.map((run) => run.toFixed(1)).join(', ')}), ${ms(longest)} (longest) of ${count(n)}`
const others = (): string => `${loadavg()[0]!.toFixed(1)} others waiting for processors`

prove({
  name: 'live-speed',
  claim: `${count(customers)} customers, 50 declared features and 30 segments active, batches of 100 over loopback on 40 connections, the load generator beside it on the same 2 cores, the median of three runs: at least 10,000 events/s on disk, with everybody in their segments before the answer`,
  measure: () => {
    const { load, most } = measured()
    const each = (spent: number): string => `${((spent / load.acknowledged) * 1e6).toFixed(1)} µs`
    return {
      figure: `${count(Math.round(load.eventsPerSecond))} events/s (of ${load.of.map((run) => count(Math.round(run))).join(', ')}), acknowledged after ${ms(load.p50)} (median), ${ms(load.p99)} (p99); processor an event ${each(load.processor)}, load generator ${each(load.generator)}; ${most} MB at most, ${count(Math.round((most * 2 ** 20) / customers))} bytes a customer; ${others()}`,
      isMet: load.eventsPerSecond >= 10_000 && Object.keys(load.statuses).every((status) => status === '200'),
    }
  },
})

prove({
  name: 'live-latency',
  claim: `the same store: from an event’s request to the answer of a profile that has the segment it leads to, under 50 ms (p99, the median of three runs)`,
  measure: () => {
    const { entries, entriesUnderLoad } = measured()
    return {
      figure: `alone ${spread(entries)}; at ${count(Math.round(entriesUnderLoad.eventsPerSecond))} events/s ${spread(entriesUnderLoad)}; ${others()}`,
      isMet: entries.p99 < 50 && entriesUnderLoad.p99 < 50,
    }
  },
})

prove({
  name: 'live-profile-read',
  claim: `the same store: a profile of 50 features and its segments read over HTTP in under 10 ms (p99)`,
  measure: () => {
    const { reads, readsUnderLoad } = measured()
    return {
      figure: `alone ${spread(reads)}; at ${count(Math.round(readsUnderLoad.eventsPerSecond))} events/s ${spread(readsUnderLoad)}; ${others()}`,
      isMet: reads.p99 < 10,
    }
  },
})
