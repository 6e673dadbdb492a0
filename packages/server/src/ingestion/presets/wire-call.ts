import { createHash } from 'node:crypto'
import type { CallName } from '@rapport/protocol'
import { RapportError } from '../../base/index.ts'
import { type Fields, textIn } from './fields.ts'

/** A call as a program would send it to the tracking API; checked like one. */
export interface WireCall {
  readonly type: CallName
  readonly messageId: string
  readonly userId?: string
  readonly anonymousId?: string
  /** ISO 8601 with an offset, or milliseconds. */
  readonly timestamp?: string | number
  readonly event?: string
  readonly properties?: Fields
  readonly traits?: Fields
  readonly context?: Fields
}

/** What comes with a payload. */
export interface PayloadContext {
  /** What the sender says that the payload is, where its headers say so: `orders/create`. */
  readonly topic?: string
  /** What customers go by. */
  readonly who: Who
  /** Tells ids of this sender apart from those of others: the name that the user gave it. */
  readonly scope: string
  /** Whether records of test shops and test payments are taken. */
  readonly takesTests: boolean
}

/** Whether customers go by their email address, as in most files, or by the id that the sender gives them. */
export type Who = 'email' | 'id'

/** The calls that a payload tells of; or why it is of no interest: nobody need look at it. */
export type Mapped = { readonly calls: readonly WireCall[] } | { readonly ignored: string }

/** From a record to the calls that it tells of: pure. @throws RapportError `ingestion.payload` when it cannot be one */
export type MapRecord = (record: unknown, context: PayloadContext) => Mapped

/** How payloads are understood. */
export interface PayloadReader {
  /** The records of a payload: mostly itself. @throws RapportError `ingestion.payload` */
  readonly recordsOf: (payload: unknown) => readonly unknown[]
  readonly map: MapRecord
}

/** @param pointer JSON pointer of what is wrong */
export function badPayload(pointer: string, must: string): RapportError {
  return new RapportError('ingestion.payload', `${pointer === '' ? 'the payload' : pointer} must ${must}`)
}

/** Who did it, called as the webhook calls customers; `otherwise` when nobody is named. */
export function somebody(
  who: Who,
  { id, email }: { readonly id?: string | undefined; readonly email?: string | undefined },
  otherwise: string,
): { readonly userId: string } | { readonly anonymousId: string } {
  const address = email?.toLowerCase()
  const userId = who === 'email' ? (address ?? id) : (id ?? address)
  return userId === undefined ? { anonymousId: otherwise } : { userId }
}

/** An id for what has none of its own: the same content has the same. */
export const contentId = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)

/** When it happened, as the sender wrote it; a call without it happened when it came. */
export function momentIn(fields: Fields, name: string): { readonly timestamp?: string } {
  const timestamp = textIn(fields, name)
  return timestamp === undefined ? {} : { timestamp }
}
