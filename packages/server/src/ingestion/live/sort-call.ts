import type { CallName } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { checkCall, type Rejection } from './check-call.ts'
import type { LiveEvent } from './live-event.ts'
import { tracesOf } from './traces-of.ts'

/** What may come in. */
export interface Doors {
  /** Of consent: whether an event may be kept at all. It is prepared first, with the calls as they came. */
  readonly consent: {
    prepare(calls: readonly unknown[]): Promise<void> | undefined
    admits(event: LiveEvent): boolean
  }
  /** Of the tracking plan: why an event must go into quarantine. */
  readonly plan: { keepsOut(event: LiveEvent): Rejection | undefined }
}

/** When and how a call arrived. */
export interface Arrival {
  readonly receivedAt: Instant
  /** Of the batch that carried it. */
  readonly sentAt: string | number | null
  /** Where the path says it; else the call must say it itself. */
  readonly type?: CallName
}

/** What becomes of a call: an event of the log, a call for quarantine, or nothing, because its person refuses. */
export type Sorted =
  | { readonly outcome: 'kept'; readonly event: LiveEvent }
  | { readonly outcome: 'bad'; readonly rejection: Rejection; readonly isPlans: boolean }
  | { readonly outcome: 'refused' }

/**
 * Reads a call, and asks the doors in order: what somebody refuses must not be kept, not even in quarantine. The door of
 * consent must have been prepared for it.
 */
export function sortCall(value: unknown, { receivedAt, sentAt, type }: Arrival, { consent, plan }: Doors): Sorted {
  const checked = checkCall(value, type, receivedAt, sentAt)
  if ('rejection' in checked) {
    const traces = tracesOf(value, type, receivedAt)
    if (traces && !consent.admits(traces)) return { outcome: 'refused' }
    return { outcome: 'bad', rejection: checked.rejection, isPlans: false }
  }
  const { event } = checked
  if (!consent.admits(event)) return { outcome: 'refused' }
  const rejection = plan.keepsOut(event)
  return rejection ? { outcome: 'bad', rejection, isPlans: true } : { outcome: 'kept', event }
}
