import { consentEvent } from '@rapport/protocol'
import type { Instant } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { preferencesOf } from './preferences-of.ts'

/** What the door looks at of an event. */
export interface ArrivingEvent {
  readonly call: string
  readonly name: string
  readonly userId: string | null
  readonly anonymousId: string | null
  readonly context: string | null
  readonly occurredAt: Instant
  /** The earlier id of an alias. */
  readonly otherId: string | null
  /** JSON: traits of an identify call. */
  readonly properties: string | null
}

/** Where events enter: may this be kept? */
export interface ConsentDoor {
  /** Whether an event may be kept: what a contract or the law needs always may, the rest only without a refusal. */
  lets(event: ArrivingEvent): boolean
  /** From now on these have refused, or not. */
  note(receivedId: string, isAnalyticsGranted: boolean): void
}

/** Kept whatever was refused: the refusal itself, and what a purchase obliges a shop to keep. */
const necessary = new Set([consentEvent, 'Order Completed', 'Order Refunded', 'Order Cancelled'])

/** The door with everybody who has refused `analytics` so far. */
export async function openConsentDoor({ queries }: State): Promise<ConsentDoor> {
  const rows = await queries
    .selectFrom('consents')
    .select(['customer_id', 'decision', 'decided_at'])
    .where('purpose', '=', 'analytics')
    .orderBy('decided_at')
    .orderBy('decision', 'desc')
    .execute()
  const refused = new Set<string>()
  const note = (receivedId: string, isGranted: boolean): void => {
    if (isGranted) refused.delete(receivedId)
    else refused.add(receivedId)
  }
  for (const { customer_id, decision } of rows) note(customer_id, decision === 'granted')
  return {
    note,
    lets: (event) => {
      if (event.call === 'track' && necessary.has(event.name)) return true
      const said = preferencesOf(event.context).get('analytics')
      if (said !== undefined) return said
      return !receivedIdsOf(event).some((id) => refused.has(id))
    },
  }
}

/** The ids under which consents of an event's person are kept. */
export const receivedIdsOf = ({ userId, anonymousId }: Pick<ArrivingEvent, 'userId' | 'anonymousId'>): string[] => [
  ...(userId === null ? [] : [userId]),
  ...(anonymousId === null ? [] : [`anonymous:${anonymousId}`]),
]
