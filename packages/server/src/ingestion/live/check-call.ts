import { createHash } from 'node:crypto'
import { type CallName, calls, eventBytes } from '@rapport/protocol'
import { type Instant, newId, RapportError, shortened } from '../../base/index.ts'
import type { LiveEvent } from './live-event.ts'
import { plainCall } from './plain-call.ts'
import { readCall } from './read-call.ts'

/** Why a call was not taken. */
export interface Rejection {
  readonly code: string
  /** What must hold and what was got. */
  readonly reason: string
  /** JSON pointer into the call, `/userId`; '' for the call as a whole. */
  readonly pointer: string
}

/** A call that goes into quarantine. */
export interface BadCall extends Rejection {
  /** Its name in quarantine: however often it is mended and tried again, it is taken once. */
  readonly id: string
  /** Its place in its batch, from 0. */
  readonly index: number
  /** As it was sent. */
  readonly raw: unknown
  readonly receivedAt: Instant
  /** Of the batch that carried it. */
  readonly sentAt: string | number | null
}

/**
 * A call that was not taken, as quarantine keeps it. One that names itself is there once, also when its sender heard no
 * answer and sends it again: its name in quarantine follows from what it is.
 *
 * @param isOnce whether what looks the same is the same, without a message id too
 */
export function badCall(call: Omit<BadCall, 'id'>, isOnce = hasMessageId(call.raw)): BadCall {
  return { id: isOnce ? nameOf(call.raw) : newId('call'), ...call }
}

function hasMessageId(raw: unknown): boolean {
  const id = (raw as { messageId?: unknown } | null | undefined)?.messageId
  return typeof id === 'string' && id !== ''
}

/** When it was sent is another moment each time. */
const nameOf = (raw: unknown): string => {
  const text = JSON.stringify(raw, (key, value: unknown) => (key === 'sentAt' ? undefined : value)) ?? ''
  return `call_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}

export type Checked = { readonly event: LiveEvent } | { readonly rejection: Rejection }

/**
 * Checks one call of the wire and reads its event.
 *
 * @param type of the call, where the path says it; else it must say it itself
 * @param sentAt of the batch that carried it
 */
export function checkCall(
  value: unknown,
  type: CallName | undefined,
  receivedAt: Instant,
  sentAt?: string | number | null,
): Checked {
  const said = type ?? (value as { type?: unknown } | null)?.type
  if (typeof said !== 'string' || !Object.hasOwn(calls, said)) {
    const names = Object.keys(calls).join(', ')
    return reject('ingestion.call', `the type must be one of ${names}, got ${shown(said)}`, '/type')
  }
  const name = said as CallName
  const plain = plainCall(value, name)
  const parsed = plain ? { success: true as const, data: plain } : calls[name].safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const pointer = issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    return reject('ingestion.schema', `${pointer || 'the call'} must fit the schema: ${issue.message}`, pointer)
  }
  try {
    const event = readCall(parsed.data, name, receivedAt, sentAt)
    const bytes = sizeOf(event, value)
    if (bytes > eventBytes) {
      return reject('ingestion.size', `an event must have at most ${eventBytes} bytes, got ${bytes}`, '')
    }
    return { event }
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    return reject(error.code, error.message, '/timestamp')
  }
}

/** Bytes as JSON; written out again only where the parts that are kept come near the limit. */
function sizeOf({ properties, context }: LiveEvent, value: unknown): number {
  const kept = (properties?.length ?? 0) + (context?.length ?? 0)
  // One character is at most three bytes of UTF-8.
  return kept * 3 < eventBytes ? kept : Buffer.byteLength(JSON.stringify(value))
}

const reject = (code: string, reason: string, pointer: string): Checked => ({ rejection: { code, reason, pointer } })

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return shortened(text, 80, '…')
}
