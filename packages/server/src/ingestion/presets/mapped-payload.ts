import type { PayloadMapping, PayloadTemplate } from '@rapport/protocol'
import { isoOf } from '../../base/index.ts'
import { isPlace, stepsOf } from '../json-pointer.ts'
import { asObject, asText, cut, type Fields } from './fields.ts'
import { longestText } from './longest-text.ts'
import { badPayload, contentId, type PayloadReader, type Who, type WireCall } from './wire-call.ts'

/** As many as a batch of the tracking API has at most. */
const mostRecords = 2500

/** Payloads as the user's own mapping understands them: ids of its records are its own too. */
export const ownReader = (mapping: PayloadMapping): PayloadReader => ({
  recordsOf: (payload) => recordsOf(mapping, payload),
  map: (record, { scope }) => {
    const call = callOf(mapping, record, scope)
    return { calls: [{ ...call, messageId: `${scope}:${call.messageId}` }] }
  },
})

/** Payloads as the mapping of a preset understands them, with ids as the mapping makes them. */
export const templateReader = (mappingBy: (who: Who) => PayloadMapping): PayloadReader => ({
  recordsOf: (payload) => recordsOf(mappingBy('email'), payload),
  map: (record, { who, scope }) => ({ calls: [callOf(mappingBy(who), record, scope)] }),
})

function recordsOf({ records }: PayloadMapping, payload: unknown): readonly unknown[] {
  if (records === undefined) return [payload]
  const list = valueAt(payload, records)
  if (!Array.isArray(list)) throw badPayload(records, 'be a list')
  if (list.length > mostRecords) throw badPayload(records, `have at most ${mostRecords} records, it has ${list.length}`)
  return list
}

function callOf(mapping: PayloadMapping, record: unknown, scope: string): WireCall {
  const read = (templates: PayloadTemplate | undefined): unknown =>
    templates === undefined ? undefined : fill(templates, record, scope)
  const text = (templates: PayloadTemplate | undefined): string | undefined => asText(read(templates))
  const messageId = text(mapping.messageId) ?? contentId(record)
  const [userId, anonymousId, event] = [text(mapping.userId), text(mapping.anonymousId), text(mapping.event)]
  const timestamp = momentOf(read(mapping.timestamp))
  const entries = Object.entries(mapping.fields).map(([name, templates]) => [name, shortened(read(templates))] as const)
  const fields = Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
  return {
    ...{ type: mapping.call, messageId },
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(mapping.call === 'track'
      ? { ...(event === undefined ? {} : { event }), properties: fields }
      : { traits: fields }),
  }
}

const shortened = (value: unknown): unknown => (typeof value === 'string' ? cut(value, longestText) : value)

/** The first of the templates that has all of its values. */
function fill(templates: PayloadTemplate, record: unknown, scope: string): unknown {
  for (const template of typeof templates === 'string' ? [templates] : templates) {
    const filled = fillOne(template, record, scope)
    if (filled !== undefined && filled !== null && filled !== '') return filled
  }
  return undefined
}

/** `{/a/b}`, or `{webhook}`: the name that tells what it sends apart. */
const place = /\{(\/[^{}]*|webhook)\}/g

/** A template that is one place is the value there, of whatever type; any other is text. */
function fillOne(template: string, record: unknown, scope: string): unknown {
  const whole = /^\{(\/[^{}]*)\}$/.exec(template)
  if (whole) return valueAt(record, whole[1]!)
  let isFull = true
  const filled = template.replace(place, (_, pointer: string) => {
    const value = pointer === 'webhook' ? scope : asText(valueAt(record, pointer))
    isFull &&= value !== undefined
    return value ?? ''
  })
  return isFull ? filled : undefined
}

/** What is at a JSON pointer (RFC 6901); undefined when nothing is. */
function valueAt(payload: unknown, pointer: string): unknown {
  let value = payload
  for (const name of stepsOf(pointer)) {
    if (Array.isArray(value)) value = isPlace(name) ? value[Number(name)] : undefined
    else {
      const fields: Fields | undefined = asObject(value)
      value = fields && Object.hasOwn(fields, name) ? fields[name] : undefined
    }
  }
  return value
}

/** Seconds until the year 5138 are below 10¹¹, milliseconds since 1973 above. */
function momentOf(value: unknown): string | number | undefined {
  const number = typeof value === 'string' && /^\d{9,14}$/.test(value.trim()) ? Number(value) : value
  if (typeof number !== 'number') return asText(value)
  const milliseconds = Math.abs(number) < 1e11 ? number * 1000 : number
  if (!(Math.abs(milliseconds) <= 8.64e15)) throw badPayload('the timestamp', `be a moment, got ${number}`)
  return isoOf(milliseconds)
}
