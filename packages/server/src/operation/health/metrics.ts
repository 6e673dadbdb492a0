import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { StoreFigures } from './store-figures.ts'

/** What became of an event of the wire. */
export type EventOutcome = 'accepted' | 'duplicate' | 'refused' | 'quarantined'

/** One answered request; `route` is the pattern, never the path: that may name a customer. */
export interface AnsweredRequest {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** What the server counts of itself, for Prometheus. */
export interface Metrics {
  answered(request: AnsweredRequest): void
  events(outcome: EventOutcome, count: number): void
  /** Events were on disk so long after they had come. */
  acknowledged(seconds: number): void
  /** Everything, in Prometheus' text format. @param figures as the store stands now */
  text(figures: StoreFigures): Promise<string>
  readonly contentType: string
}

/** Seconds; the aims are 20 ms for an event and 250 ms for a batch under load. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    ...{ name: 'rapport_http_requests_total', help: 'Requests answered', registers },
    labelNames: ['method', 'route', 'status'],
  })
  const durations = new Histogram({
    ...{ name: 'rapport_http_request_seconds', help: 'Time from a request to its answer', registers, buckets },
    labelNames: ['route'],
  })
  const events = new Counter({
    ...{ name: 'rapport_events_total', help: 'Events of the wire, by what became of them', registers },
    labelNames: ['outcome'],
  })
  // Those that have not happened yet stand at 0, so that a rate of them can be told from a missing one.
  for (const outcome of ['accepted', 'duplicate', 'refused', 'quarantined'] satisfies EventOutcome[]) {
    events.inc({ outcome }, 0)
  }
  const acknowledgements = new Histogram({
    ...{ name: 'rapport_acknowledgement_seconds', help: 'Time until events were on disk', registers, buckets },
  })
  const gauges = openGauges(registry)
  return {
    contentType: registry.contentType,
    answered: ({ method, route, status, seconds }) => {
      requests.inc({ method, route, status })
      durations.observe({ route }, seconds)
    },
    events: (outcome, count) => {
      if (count > 0) events.inc({ outcome }, count)
    },
    acknowledged: (seconds) => acknowledgements.observe(seconds),
    text: (figures) => {
      gauges(figures)
      return registry.metrics()
    },
  }
}

/** The gauges of the store; what is not known just now has no line, rather than an old number. */
function openGauges(registry: Registry): (figures: StoreFigures) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `rapport_${name}`, help, labelNames, registers: [registry] })
  const ready = gauge('ready', '1 while /ready answers 200')
  const state = gauge('state_up', '1 while the state store answers')
  const waiting = gauge('events_waiting_characters', 'Characters of events that wait for the disk')
  const lag = gauge('follower_lag_events', 'Events of the log that a follower has not taken in', ['follower'])
  const jobs = gauge('jobs', 'Jobs by status', ['status'])
  const bytes = gauge('store_bytes', 'Bytes of the store on disk', ['part'])
  const free = gauge('disk_free_bytes', 'Bytes that the store’s disk has free for its user')
  return (figures) => {
    ready.set(Number(figures.isReady))
    state.set(Number(figures.state !== undefined))
    waiting.set(figures.eventsWaiting)
    free.set(figures.diskFreeBytes)
    for (const each of [lag, jobs, bytes]) each.reset()
    for (const [part, size] of Object.entries(figures.bytes)) bytes.set({ part }, size)
    for (const [follower, behind] of figures.state?.lags ?? []) lag.set({ follower }, behind)
    for (const [status, count] of figures.state?.jobs ?? []) jobs.set({ status }, count)
  }
}
