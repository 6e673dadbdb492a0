import { consentEvent, decisionEvent } from '@rapport/protocol'
import { type Instant, now } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { latestOf } from './latest-of.ts'
import { preferencesOf } from './preferences-of.ts'
import { type AnalyticsWord, analyticsRefusals } from './standings.ts'

/** What the door looks at of an event. */
export interface ArrivingEvent {
  readonly call: string
  readonly name: string
  readonly userId: string | null
  readonly anonymousId: string | null
  readonly occurredAt: Instant
  readonly context: string | null
  /** The earlier id of an alias. */
  readonly otherId: string | null
  /** JSON: traits of an identify call. */
  readonly properties: string | null
}

/** Where events enter: may this be kept? */
export interface ConsentDoor {
  /**
   * Whether an event may be kept: what a contract or the law needs always may, the rest only without a refusal. What it
   * decides itself holds for the very next one.
   */
  admits(event: ArrivingEvent): boolean
  /** What the ledger says now. */
  settle(words: readonly AnalyticsWord[]): void
}

/** Kept whatever was refused: the refusal itself, and what a purchase obliges a shop to keep. */
const necessary = new Set([consentEvent, 'Order Completed', 'Order Refunded', 'Order Cancelled'])

/** How long a decision that just came in counts without being in the ledger, ms: it is there within a second. */
const noticeMs = 60_000

interface Notice {
  readonly isGranted: boolean
  readonly decidedAt: Instant
  readonly noticedAt: Instant
}

/** The door with everybody who has refused `analytics` so far. */
export async function openConsentDoor(warehouse: Warehouse): Promise<ConsentDoor> {
  const refused = new Set((await analyticsRefusals(warehouse)).map(({ receivedId }) => receivedId))
  /** Decisions on their way into the ledger, the oldest first. */
  const notices = new Map<string, Notice>()
  const forgetOld = (at: Instant): void => {
    for (const [id, { noticedAt }] of notices) {
      if (at - noticedAt < noticeMs) break
      notices.delete(id)
    }
  }
  const hasRefused = (event: ArrivingEvent): boolean => {
    const ids = receivedIdsOf(event)
    const latest = latestOf(ids.flatMap((id) => notices.get(id) ?? []))
    return latest ? !latest.isGranted : ids.some((id) => refused.has(id))
  }
  const notice = (event: ArrivingEvent, isGranted: boolean): void => {
    const noticedAt = now()
    forgetOld(noticedAt)
    for (const id of receivedIdsOf(event)) {
      const news = { isGranted, decidedAt: event.occurredAt, noticedAt }
      const before = notices.get(id)
      if (before && byTimeThenRefusal(before, news) > 0) continue
      notices.delete(id)
      notices.set(id, news)
    }
  }
  return {
    admits: (event) => {
      // Nobody outside speaks for the operator.
      if (event.name === decisionEvent) return false
      const said = preferencesOf(event.context).get('analytics')
      if (event.call === 'track' && event.name === consentEvent) {
        if (said !== undefined) notice(event, said)
        return true
      }
      if (event.call === 'track' && necessary.has(event.name)) return true
      return said !== false && !hasRefused(event)
    },
    settle: (words) => {
      for (const { receivedId, isGranted, decidedAt } of words) {
        if (isGranted) refused.delete(receivedId)
        else refused.add(receivedId)
        if ((notices.get(receivedId)?.decidedAt ?? Infinity) <= decidedAt) notices.delete(receivedId)
      }
    },
  }
}

/** The later last; of one moment the refusal. */
const byTimeThenRefusal = (one: Notice, other: Notice): number =>
  one.decidedAt - other.decidedAt || Number(other.isGranted) - Number(one.isGranted)

/** The ids under which consents of an event's person are kept. */
export const receivedIdsOf = ({ userId, anonymousId }: Pick<ArrivingEvent, 'userId' | 'anonymousId'>): string[] => [
  ...(userId === null ? [] : [userId]),
  ...(anonymousId === null ? [] : [`anonymous:${anonymousId}`]),
]
