import { type Call, type CallName, textOf } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { microsPerUnit } from '../../base/index.ts'
import type { LiveEvent } from './live-event.ts'
import { claimedMoment, occurredAt } from './occurred-at.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * The event that a checked call tells of.
 *
 * @param name the call's name
 * @param sentAt of the batch that carried it, where the call has none of its own
 * @throws RapportError `ingestion.time`
 */
export function readCall(call: Call, name: CallName, receivedAt: Instant, sentAt?: string | number | null): LiveEvent {
  const fields = call as Fields
  const context = (fields['context'] ?? {}) as Fields
  const kept = keptOf(name, fields)
  const claimedAt = claimedMoment(call)
  const what = String(name === 'track' ? fields['event'] : (fields['name'] ?? name))
  return {
    call: name,
    name: what,
    messageId: text(fields['messageId']),
    userId: text(fields['userId']),
    anonymousId: text(fields['anonymousId']),
    occurredAt: occurredAt(call, call.sentAt ?? sentAt, receivedAt, claimedAt),
    claimedAt: claimedAt ?? null,
    receivedAt,
    deviceId: text((context['device'] as Fields | null | undefined)?.['id']),
    sessionId: text(context['sessionId'] ?? kept['session_id']),
    productId: text(kept['product_id'] ?? kept['sku']),
    quantity: number(kept['quantity']),
    priceMicros: micros(kept['price']),
    currency: currencyOf(kept['currency']),
    category: scalarText(kept['category']),
    source: sourceOf(context),
    aboutMessageId: text(kept['message_id']),
    body: bodyOf(what, kept),
    properties: documentOf(kept),
    context: documentOf(context),
    otherId: text(fields['previousId'] ?? fields['groupId']),
  }
}

/** Properties of what happened, or traits of who it is about; an SDK may carry the traits in the context. */
function keptOf(type: CallName, fields: Fields): Fields {
  if (type !== 'identify' && type !== 'group') return (fields['properties'] ?? {}) as Fields
  const inContext = type === 'identify' ? (fields['context'] as Fields | null | undefined)?.['traits'] : undefined
  return { ...(inContext as Fields | undefined), ...(fields['traits'] as Fields | null | undefined) }
}

function documentOf(fields: Fields): string | null {
  const document = JSON.stringify(fields)
  return document === '{}' ? null : document
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  const trimmed = typeof value === 'string' ? value.trim() : ''
  return trimmed === '' ? null : trimmed
}

/** A value of a document as DuckDB tells it as text; null for what is no text, number or boolean, or cannot be written in JSON. */
export function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value
  // 1e21, where JavaScript has a plus.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value).replace('e+', 'e') : null
  return typeof value === 'boolean' ? String(value) : null
}

function number(value: unknown): number | null {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : null
}

/** Whole 10⁻⁶ of the unit; an amount beyond what they can hold exactly is left in the properties only. */
export function micros(value: unknown): number | null {
  const read = number(value)
  const whole = read === null ? Number.NaN : Math.round(read * microsPerUnit)
  return Number.isSafeInteger(whole) ? whole : null
}

const currencyOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[a-z]{3}$/i.test(value.trim()) ? value.trim().toUpperCase() : null

/** Where the visit came from, by its campaign. */
function sourceOf(context: Fields): string | null {
  const campaign = (context['campaign'] ?? {}) as Fields
  return text(campaign['medium']) === 'email' ? 'email' : text(campaign['source'])
}

function bodyOf(name: string, kept: Fields): string | null {
  const fields = Object.hasOwn(textOf, name) ? textOf[name]! : []
  for (const field of fields) {
    const written = text(kept[field])
    if (written !== null) return written
  }
  return null
}
