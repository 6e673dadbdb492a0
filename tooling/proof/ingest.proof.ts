import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { count, prove } from './record.ts'

interface Figures {
  readonly eventsPerSecond: number
  readonly acknowledged: number
  /** Milliseconds until a request was acknowledged. */
  readonly p99: number
  readonly longest: number
  readonly statuses: Readonly<Record<string, number>>
  /** Seconds of processor time of the server, and of the load generator. */
  readonly processor: number
  readonly generator: number
  /** Megabytes, every five seconds. */
  readonly memory: readonly number[]
  readonly most: number
  readonly lag?: { readonly p99: number; readonly max: number }
}

const benchmark = fileURLToPath(new URL('../../benchmarks/ingest.mjs', import.meta.url))

const run = (...words: string[]): Figures =>
  JSON.parse(
    execFileSync(process.execPath, [benchmark, '--json', ...words], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
  ) as Figures

/** Five runs; the one in the middle by its rate. */
function median(...words: string[]): Figures {
  const runs = Array.from({ length: 5 }, () => run(...words))
  return runs.sort((a, b) => a.eventsPerSecond - b.eventsPerSecond)[2]!
}

const rate = ({ eventsPerSecond }: Figures): string => `${count(Math.round(eventsPerSecond))} events/s`
const ms = (value: number): string => `${value.toFixed(1)} ms`
const each = (seconds: number, { acknowledged }: Figures): string => `${((seconds / acknowledged) * 1e6).toFixed(1)} µs`
const others = (): string => `${loadavg()[0]!.toFixed(1)} others waiting for processors`
const isTaken = ({ statuses }: Figures): boolean => Object.keys(statuses).every((status) => status === '200')

prove({
  name: 'ingest-batches',
  claim:
    'batches of 100 over loopback on 40 connections, the load generator beside it on the same machine, median of five runs of 30 s beside a bare prototype: at least 50,000 events/s validated, identified, consent-checked and on disk, p99 of acknowledgement under 250 ms',
  measure: () => {
    // New customers, who cost most, are a tenth of the events of ten seconds: a rate that lasts needs longer.
    const ours = median('--seconds', '30')
    const bare = median('--seconds', '5', '--prototype')
    return {
      figure:
        `${rate(ours)}, p99 ${ms(ours.p99)}, longest ${ms(ours.longest)}; processor an event ${each(ours.processor, ours)}, load generator ${each(ours.generator, ours)}; ` +
        `prototype that only parses, writes and syncs ${rate(bare)}, ${each(bare.processor, bare)}; ${others()}`,
      isMet: isTaken(ours) && ours.eventsPerSecond >= 50_000 && ours.p99 < 250,
    }
  },
})

prove({
  name: 'ingest-single',
  claim: 'requests of one event on 10 connections, median of five runs: p99 of acknowledgement under 20 ms',
  measure: () => {
    const ours = median('--seconds', '5', '--batch', '1', '--connections', '10')
    return { figure: `p99 ${ms(ours.p99)} at ${rate(ours)}; ${others()}`, isMet: isTaken(ours) && ours.p99 < 20 }
  },
})

prove({
  name: 'ingest-memory',
  claim:
    'ten million events in batches of 100, with half a GiB for the pages that the warehouse keeps (warehouseMemoryMegabytes): memory is flat, its last quarter at most a fifth above its second',
  measure: () => {
    const ours = run('--events', '10000000', '--warehouse-memory', '512')
    const quarter = Math.floor(ours.memory.length / 4)
    const most = (from: number): number => Math.max(...ours.memory.slice(from * quarter, (from + 1) * quarter))
    return {
      figure: `${count(ours.acknowledged)} events at ${rate(ours)}; most memory in each quarter ${[0, 1, 2, 3].map(most).join(', ')} MB; ${others()}`,
      isMet: isTaken(ours) && ours.acknowledged >= 10_000_000 && most(3) < 1.2 * most(1),
    }
  },
})

prove({
  name: 'ingest-analysis',
  claim:
    'while the demo shop is analysed in the same process: events are taken in, and how long the event loop is held',
  measure: () => {
    const ours = run('--seconds', '15', '--analyze')
    return {
      figure: `${rate(ours)}, p99 ${ms(ours.p99)}, longest ${ms(ours.longest)}; event loop held ${ms(ours.lag!.p99)} (p99), ${ms(ours.lag!.max)} (longest); ${others()}`,
      isMet: isTaken(ours),
    }
  },
})
