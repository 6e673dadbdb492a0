import { once } from 'node:events'
import { consentEvent } from '@rapport/protocol'
import { dayMs, inTurns, now, oneAtATime, servingMs } from '../../base/index.ts'
import type { WrittenEvent } from '../../ingestion/index.ts'
import type { LiveCopy } from '../../segments/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { storeFacts } from '../arrivals.ts'
import { simulatedUntil } from '../clock.ts'
import { currencyOf } from '../first-look.ts'
import { type Anomaly, anomaliesOfDay } from './anomalies/anomalies-of-day.ts'
import { Incoming, type PastEvents } from './counting/incoming.ts'
import { SalesOfToday } from './counting/sales-of-today.ts'
import { type LiveSnapshot, snapshotOf } from './live-snapshot.ts'
import { RecentMovements } from './recent-movements.ts'
import { type Day, dayNumber, localDay, stepMs } from './usual/local-day.ts'
import { learnUsualDay, type UsualDay } from './usual/usual.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

export interface LiveInsightParts {
  readonly warehouse: Warehouse
  /** The copy of declared features and segments: it knows whose an id is, and who moves. */
  readonly live: LiveCopy
  readonly onFailure: (error: unknown, where: string) => void
}

/** Told of what is new, at most once a second. */
export type LiveListener = (snapshot: LiveSnapshot) => void

/** How often listeners are told, ms. */
const tellMs = 1000
/** How often the warehouse is asked whether orders that it took in are the same here, ms. */
const reconcileMs = 2000
/** How often everything is looked at anew: what imports, erasures and joined customers changed, ms. */
const renewMs = 60_000

/** How often what is usual is learnt anew on one day, ms. */
const learnMs = 3_600_000
/** By then the warehouse has what was written, ms. */
const settledMs = 5000

const where = 'live insight'

/** What happens in the shop now: counted as it is written, and held against what is usual. */
export class LiveInsight {
  private readonly parts: LiveInsightParts
  private readonly incoming: Incoming
  private readonly sales: SalesOfToday
  private readonly movements: RecentMovements
  private readonly listeners = new Set<LiveListener>()
  private readonly inTurn = oneAtATime()
  private zone: string
  private simulated: string | null
  private currency: string | null = null
  private day: Day
  private usual: UsualDay | undefined
  private learntAt = Number.NEGATIVE_INFINITY
  private anomalies: readonly Anomaly[] = []
  /** The last quarter of an hour that was looked at for anomalies. */
  private watchedStep = -1
  private isCounting = false
  private running = 0
  private readonly stopping = new AbortController()
  private timers: NodeJS.Timeout[] = []
  private teller: NodeJS.Timeout | undefined

  private constructor(
    parts: LiveInsightParts,
    facts: { readonly timezone: string; readonly simulated: string | null },
  ) {
    this.parts = parts
    this.zone = facts.timezone
    this.simulated = facts.simulated
    this.incoming = new Incoming((id) => parts.live.customerOf(id))
    this.movements = new RecentMovements(parts.live)
    this.sales = new SalesOfToday(parts.warehouse)
    this.day = localDay(this.zone, now())
  }

  /** It may be told of events from now on. */
  static async open(parts: LiveInsightParts): Promise<LiveInsight> {
    return new LiveInsight(parts, await storeFacts(parts.warehouse))
  }

  /**
   * Takes in what came before.
   *
   * @param position of the last event that was written before it was told of any
   * @param after whatever should have the warehouse to itself before. Default: nothing
   */
  begin(position: number, after: Promise<unknown> = Promise.resolve()): void {
    this.run(async () => {
      await Promise.race([after, once(this.stopping.signal, 'abort')])
      if (this.stopping.signal.aborted) return
      await this.takePast(position)
      await this.movements.begin()
      await this.reconcile(true)
      this.isCounting = true
      await this.renew()
    })
    this.timers = [
      setInterval(() => this.runUnlessBusy(() => this.reconcile(false)), reconcileMs),
      setInterval(() => this.runUnlessBusy(() => this.renew()), renewMs),
    ]
    for (const timer of this.timers) timer.unref()
  }

  written(events: readonly WrittenEvent[]): void {
    this.incoming.written(events, now())
    this.sales.written(events)
  }

  /** The warehouse has the log up to a position. */
  async catchUp(position: number): Promise<readonly []> {
    this.sales.followed(position)
    return []
  }

  /** Somebody with these ids was erased. */
  forget(receivedIds: readonly string[]): void {
    const ids = new Set(receivedIds)
    for (const id of ids) this.incoming.active.forget(id)
    this.movements.forget(ids)
  }

  snapshot(): LiveSnapshot {
    const at = now()
    return snapshotOf({
      ...{ at, zone: this.zone, simulated: this.simulated, day: this.day },
      ...{ incoming: this.incoming, sales: this.sales.today, isComplete: this.isCounting },
      ...{ usual: this.usual, movements: this.movements.shown(), anomalies: this.anomalies },
    })
  }

  /** @returns stops it */
  listen(listener: LiveListener): () => void {
    this.listeners.add(listener)
    this.teller ??= setInterval(() => this.tell(), tellMs).unref()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      clearInterval(this.teller)
      this.teller = undefined
    }
  }

  /** Resolves when it asks the warehouse nothing any more. */
  async stop(): Promise<void> {
    this.stopping.abort()
    for (const timer of [...this.timers, this.teller]) clearInterval(timer)
    this.listeners.clear()
    this.movements.stop()
    await this.inTurn(async () => undefined)
  }

  /** One snapshot for all of them. */
  private tell(): void {
    const snapshot = this.snapshot()
    for (const listener of this.listeners) listener(snapshot)
  }

  private async takePast(position: number): Promise<void> {
    const { warehouse } = this.parts
    const at = now()
    const past = await warehouse.columns(query('arrivals_by_minute'), { position, from: { instant: at - dayMs } })
    await inTurns(
      each(past.rows, (row) => {
        const of = (column: string): string => past.texts(column)[row]!
        const event: PastEvents = {
          ...{ minute: past.numbers('minute')[row]!, events: past.numbers('events')[row]! },
          ...{ call: of('call'), name: of('name'), source: past.texts('source')[row]! },
        }
        this.incoming.take(event)
      }),
      servingMs,
    )
    const seen = await warehouse.columns(query('seen_since'), {
      ...{ position, from: { instant: this.day.from }, consent_event: consentEvent },
    })
    const [ids, moments] = [seen.keys('id'), seen.numbers('lastAt')]
    await inTurns(
      each(seen.rows, (row) => this.incoming.active.see(ids[row]!, moments[row]!)),
      servingMs,
    )
  }

  private async renew(): Promise<void> {
    const { warehouse, live } = this.parts
    const facts = await storeFacts(warehouse)
    this.zone = facts.timezone
    this.simulated = facts.simulated
    this.currency = await currencyOf(warehouse)
    const refused = await warehouse.columns(query('refused'))
    this.incoming.refuse(new Set(refused.keys('id')))
    await this.reconcile(true)
    await inTurns(
      this.incoming.active.renew((id) => live.customerOf(id), this.day.from),
      servingMs,
    )
    await this.compare()
  }

  /** Learns what is usual once an hour, as imports may have brought history, and looks what was not each quarter of one. */
  private async compare(): Promise<void> {
    const { warehouse } = this.parts
    const { zone, currency } = this
    const at = now()
    if (this.usual?.day !== dayNumber(zone, at) || at - this.learntAt > learnMs) {
      const until = await simulatedUntil(warehouse)
      this.usual = await learnUsualDay(warehouse, { zone, currency, at, simulatedUntil: until })
      this.learntAt = at
      this.watchedStep = -1
    }
    const step = Math.floor((at - settledMs) / stepMs)
    // The clock of a demo stands: nobody sends it as many events as were simulated.
    if (this.simulated !== null || step === this.watchedStep) return
    this.watchedStep = step
    this.anomalies = await anomaliesOfDay(warehouse, {
      ...{ zone, currency, at: at - settledMs, usual: this.usual, before: this.anomalies },
    })
  }

  private async reconcile(always: boolean): Promise<void> {
    this.day = localDay(this.zone, now())
    this.currency ??= await currencyOf(this.parts.warehouse)
    if (this.currency !== null) await this.sales.reconcile(this.day, this.currency, always)
  }

  /** While an analysis holds the warehouse, the next time is soon enough. */
  private runUnlessBusy(work: () => Promise<void>): void {
    if (this.running === 0) this.run(work)
  }

  private run(work: () => Promise<void>): void {
    this.running += 1
    this.inTurn(async () => (this.stopping.signal.aborted ? undefined : work()))
      .catch((error) => this.parts.onFailure(error, where))
      .finally(() => {
        this.running -= 1
      })
  }
}

function* each(rows: number, take: (row: number) => void): Generator<void, void> {
  for (let row = 0; row < rows; row += 1) {
    take(row)
    if (row % 256 === 0) yield
  }
}
