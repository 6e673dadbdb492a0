import type { Instant } from '../../base/index.ts'
import { keyOfWritten, scalarText, type WrittenEvent } from '../../ingestion/index.ts'
import { hourAt } from '../defined/calendar.ts'
import type { Fact, FactKind } from '../defined/fact.ts'
import { inMillionths, numberMax } from '../defined/numbers.ts'

/** What must be known beside an event to read the facts in it. */
export interface EventReading {
  /** Names and fields that are needed; nothing is made of other facts. Null names: of any. */
  readonly needs: Readonly<Record<FactKind, FactNeed | null>>
  /** The customer whose id was received now; the id itself where it belongs to no other. */
  customerOf(receivedId: string): string
  /** The category of a product as the catalogue had it then; null where it does not say. */
  categoryOf(productId: string, at: Instant): string | null
  /** Of the store; '' while it has sold nothing. */
  readonly currency: string
  /** IANA name of the store's. */
  readonly timezone: string
}

export interface FactNeed {
  readonly names: ReadonlySet<string> | null
  readonly fields: readonly string[]
}

/**
 * The facts of an event that was just written, as `point-in-time/fact-sql.ts` reads them out of the warehouse a moment
 * later: the event itself, and the lines of its order.
 */
export function factsOfEvent(written: WrittenEvent, reading: EventReading): Fact[] {
  const { event, lines } = written
  const { event: eventNeed, line: lineNeed } = reading.needs
  const facts: Fact[] = []
  const received = event.userId ?? (event.anonymousId === null ? null : `anonymous:${event.anonymousId}`)
  const customerId = received === null ? null : reading.customerOf(received)
  if (eventNeed !== null && (eventNeed.names === null || eventNeed.names.has(event.name))) {
    const properties = parsedOnce(event.properties)
    const fields: Record<string, string | number | null> = {}
    for (const field of eventNeed.fields) fields[field] = eventField(written, field, properties, reading)
    facts.push({
      kind: 'event',
      key: keyOfWritten(written),
      at: event.occurredAt,
      receivedAt: event.receivedAt,
      customerId,
      name: event.name,
      call: event.call,
      fields,
    })
  }
  if (lineNeed === null) return facts
  for (const line of lines) {
    if (lineNeed.names !== null && !lineNeed.names.has(line.kind)) continue
    const fields: Record<string, string | number | null> = {}
    for (const field of lineNeed.fields) fields[field] = lineField(line, field, reading)
    facts.push({
      kind: 'line',
      key: line.key,
      at: line.occurredAt,
      receivedAt: line.receivedAt,
      customerId,
      name: line.kind,
      call: null,
      fields,
    })
  }
  return facts
}

type Properties = () => unknown

function parsedOnce(json: string | null): Properties {
  let parsed: unknown
  return () => {
    parsed ??= json === null ? {} : JSON.parse(json)
    return parsed
  }
}

function eventField(
  { event }: WrittenEvent,
  field: string,
  properties: Properties,
  { categoryOf, currency, timezone }: EventReading,
): string | number | null {
  switch (field) {
    case 'product_id':
      return event.productId
    case 'category':
      return categoryFrom(event.category, event.productId, event.receivedAt, categoryOf)
    case 'session_id':
      return event.sessionId
    case 'source':
      return event.source
    case 'hour':
      return hourAt(timezone, event.occurredAt)
    case 'currency':
      return event.currency
    case 'message_id':
      return event.aboutMessageId
    case 'quantity':
      return event.quantity === null ? null : inMillionths(event.quantity)
    case 'price':
      return event.currency === null || event.currency === currency ? moneyOf(event.priceMicros) : null
    default:
      return field.startsWith('properties.') ? scalarAt(properties(), field.split('.').slice(1)) : null
  }
}

function lineField(
  line: WrittenEvent['lines'][number],
  field: string,
  { categoryOf, currency, timezone }: EventReading,
): string | number | null {
  const money = (micros: number | null): number | null => (line.currency === currency ? moneyOf(micros) : null)
  switch (field) {
    case 'order_id':
      return line.orderId
    case 'product_id':
      return line.productId
    case 'category':
      return categoryFrom(line.category, line.productId, line.receivedAt, categoryOf)
    case 'source':
      return line.source
    case 'hour':
      return hourAt(timezone, line.occurredAt)
    case 'currency':
      return line.currency
    case 'quantity':
      return inMillionths(line.quantity)
    case 'unit_price':
      return money(line.unitPriceMicros)
    case 'amount':
      return money(line.amountMicros)
    case 'discount':
      return money(line.discountMicros)
    case 'tax':
      return money(line.taxMicros)
    case 'shipping':
      return money(line.shippingMicros)
    // Country, refund and unit cost come with imports only.
    default:
      return null
  }
}

function scalarAt(document: unknown, path: readonly string[]): string | null {
  let value = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return null
    value = (value as Record<string, unknown>)[step]
  }
  return scalarText(value)
}

function categoryFrom(
  own: string | null,
  productId: string | null,
  at: Instant,
  categoryOf: EventReading['categoryOf'],
): string | null {
  return categoryPath(own) ?? (productId === null ? null : categoryPath(categoryOf(productId, at)))
}

/** Shops have few categories and write them on every event: so many are remembered, of no more than this length. */
const pathsMax = 2000
const pathLengthMax = 200
const paths = new Map<string, string | null>()

function categoryPath(path: string | null): string | null {
  if (path === null) return null
  if (path.length > pathLengthMax) return evenPath(path)
  let even = paths.get(path)
  if (even === undefined) {
    even = evenPath(path)
    if (paths.size >= pathsMax) paths.clear()
    paths.set(path, even)
  }
  return even
}

/** Shops write categories as paths, with or without spaces. */
function evenPath(path: string): string | null {
  const even = path.replace(/[\t\n\f\r ]*>[\t\n\f\r ]*/g, ' > ').replace(/^ +| +$/g, '')
  return even === '' ? null : even
}

const moneyOf = (micros: number | null): number | null =>
  micros !== null && Math.abs(micros) <= numberMax * 1e6 ? micros : null
