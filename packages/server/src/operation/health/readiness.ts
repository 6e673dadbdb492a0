import { setTimeout as wait } from 'node:timers/promises'
import type { EventLog } from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { freeBytes, type StateFigures, stateFigures } from './store-figures.ts'

/** Why no more requests should be sent here. */
export interface Unready {
  readonly code: 'draining' | 'store' | 'state' | 'log' | 'behind' | 'disk'
  /** What must hold, and what was got; nothing of the machine's inside, since anybody may ask. */
  readonly reason: string
}

export interface ReadinessLimits {
  /** Events that identities and consents may be behind the log. */
  readonly mostBehind: number
  /** Bytes that the store's disk must have free. */
  readonly diskFloorBytes: number
}

interface Parts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly log: Pick<EventLog, 'position' | 'isStuck'>
}

/** What has been seen of the store. */
export interface Looked {
  /** undefined when the state store does not answer. */
  readonly figures: StateFigures | undefined
  /** Bytes that the store's disk has free. */
  readonly free: number
}

/** Asks the state store and the disk, for all who want to know the same at one moment. */
export async function look({ warehouse, state, log }: Parts): Promise<Looked> {
  const [figures, free] = await Promise.all([inTime(stateFigures(state, log)), freeBytes(warehouse.folder)])
  return { figures, free }
}

/** After so long without an answer the state store counts as one that does not answer, ms. */
const stateMs = 2000
/** After so long the warehouse is busy with a query, which is no fault, ms. */
const warehouseMs = 500

/** Everything that keeps the store from being served well just now. */
export async function findUnready(
  { warehouse, log }: Omit<Parts, 'state'>,
  limits: ReadinessLimits,
  looking: Promise<Looked>,
): Promise<Unready[]> {
  const [store, { figures, free }] = await Promise.all([answers(warehouse), looking])
  return [
    ...(store ? [] : [{ code: 'store', reason: 'the store must answer, it does not' } as const]),
    ...(log.isStuck
      ? [{ code: 'log', reason: 'what is acknowledged must get into the store, it does not' } as const]
      : []),
    ...stateReasons(figures, limits.mostBehind),
    ...(free >= limits.diskFloorBytes ? [] : [{ code: 'disk', reason: diskReason(free, limits) } as const]),
  ]
}

function stateReasons(figures: StateFigures | undefined, mostBehind: number): Unready[] {
  if (!figures) return [{ code: 'state', reason: `the state store must answer within ${stateMs} ms, it does not` }]
  return [...figures.lags]
    .filter(([, behind]) => behind > mostBehind)
    .map(([follower, behind]) => ({
      code: 'behind',
      reason: `${follower} must be at most ${mostBehind} events behind the log, got ${behind}`,
    }))
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`

const diskReason = (free: number, { diskFloorBytes }: ReadinessLimits): string =>
  `the store’s disk must have ${megabytes(diskFloorBytes)} free, got ${megabytes(free)}`

/** One question at a time: queries wait for one another, and a long one must not gather a crowd behind it. */
const asked = new WeakMap<Warehouse, Promise<boolean>>()

async function answers(warehouse: Warehouse): Promise<boolean> {
  const running = asked.get(warehouse)
  const question =
    running ??
    warehouse
      .rows('select 1 as one')
      .then(
        () => true,
        () => false,
      )
      .finally(() => asked.delete(warehouse))
  if (!running) asked.set(warehouse, question)
  return Promise.race([question, wait(warehouseMs, true, { ref: false })])
}

/** What was asked of the state store; undefined when it failed or took too long: that it did is the finding. */
const inTime = (figures: Promise<StateFigures>): Promise<StateFigures | undefined> =>
  Promise.race([figures.catch(() => undefined), wait(stateMs, undefined, { ref: false })])
