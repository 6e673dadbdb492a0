import { dayMs, type Instant } from '../base/index.ts'
import { cartRescueMs, cartRestMs, sourceColumn } from './columns.ts'
import type { Aggregate, Definition, SourceName, TraitName } from './definition.ts'

/** An order line as the interpreter reads it: the columns of `order_lines`, money in micros. */
export interface LineFact {
  readonly customerId: string | null
  readonly orderId: string
  readonly productId: string | null
  readonly category: string | null
  readonly quantity: number
  readonly amount: number
  readonly discount: number | null
  readonly refund: number | null
  readonly currency: string
  readonly kind: 'sale' | 'cancellation' | 'adjustment'
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  readonly country: string | null
  readonly source: string | null
}

/** An event as the interpreter reads it. */
export interface EventFact {
  readonly customerId: string | null
  readonly call: string
  readonly name: string
  readonly sessionId: string | null
  readonly occurredAt: Instant
  readonly receivedAt: Instant
}

/** A record of a customer; `birthDate` as `YYYY-MM-DD`. */
export interface TraitFact {
  readonly customerId: string
  readonly batchId: number
  readonly knownAt: Instant | null
  readonly birthDate: string | null
  readonly gender: string | null
  readonly income: number | null
}

/** What a model says of a customer, as of a moment. */
export interface ScoreFact {
  readonly customerId: string
  readonly score: string
  readonly value: number
  readonly asOf: Instant
}

export interface History {
  readonly lines: readonly LineFact[]
  readonly events: readonly EventFact[]
  readonly traits: readonly TraitFact[]
  readonly scores?: readonly ScoreFact[]
  readonly nonProducts: ReadonlySet<string>
  readonly currency: string
  /** Hours that the store's zone is ahead of UTC; whole and constant, so that the interpreter needs no zone table. */
  readonly zoneHours: number
}

type Value = number | string | null
/** A row of a source: its moment, the moment of its earliest part, and its columns. */
interface Row {
  readonly at: Instant
  readonly firstAt: Instant
  readonly columns: Readonly<Record<string, Value | boolean>>
}

/**
 * A feature of one customer as of t, read straight off its definition: slow, obvious, and what the SQL must equal.
 *
 * @returns null when it is missing
 */
export function interpret(definition: Definition, history: History, customerId: string, asOf: Instant): Value {
  switch (definition.kind) {
    case 'aggregate':
      return interpretAggregate(definition, history, customerId, asOf)
    case 'ratio': {
      const of = interpret(definition.of, history, customerId, asOf) as number | null
      const by = interpret(definition.by, history, customerId, asOf) as number | null
      return of === null || by === null || by === 0 ? null : of / by
    }
    case 'change': {
      const now = interpret(definition.now, history, customerId, asOf) as number
      const before = interpret(definition.before, history, customerId, asOf) as number
      return now + before === 0 ? null : (now - before) / (now + before)
    }
    case 'trait':
      return interpretTrait(definition.trait, history, customerId, asOf)
    case 'score': {
      const { score } = definition
      const known = history.scores?.find((fact) => fact.score === score && fact.customerId === customerId)
      return known && known.asOf <= asOf ? known.value : null
    }
    case 'declared':
      throw new RangeError('a declared feature has an interpreter of its own: defined/interpret.ts')
  }
}

function interpretAggregate(aggregate: Aggregate, history: History, customerId: string, asOf: Instant): Value {
  const { window, where = [], of } = aggregate
  const until = asOf - (window?.skipDays ?? 0) * dayMs
  const from = window ? until - window.days * dayMs : Number.NEGATIVE_INFINITY
  const rows = rowsOf(aggregate.source, history, customerId, asOf).filter(
    (row) =>
      row.at > from &&
      row.at <= until &&
      where.every((condition) => {
        const value = row.columns[condition.column]
        if ('equals' in condition) return value === condition.equals
        if ('within' in condition)
          return value === condition.within || String(value).startsWith(`${condition.within} > `)
        return typeof value === 'number' && value >= condition.atLeast && value < condition.below
      }),
  )
  const { scale } = of === undefined ? { scale: 1 } : sourceColumn(aggregate.source, of)
  const known = of === undefined ? [] : rows.map((row) => row.columns[of]).filter((value) => typeof value === 'number')
  const sum = known.reduce((total, value) => total + value, 0)
  switch (aggregate.aggregate) {
    case 'count':
      return rows.length
    case 'sum':
      return sum / scale
    case 'mean':
      return known.length === 0 ? null : sum / scale / known.length
    case 'deviation': {
      const n = known.length
      const squares = known.reduce((total, value) => total + value * value, 0)
      return n < 2 ? null : Math.sqrt((n * squares - sum * sum) / (n * (n - 1))) / scale
    }
    case 'days-since-latest':
      return rows.length === 0 ? null : (asOf - Math.max(...rows.map(({ at }) => at))) / dayMs
    case 'days-since-earliest':
      return rows.length === 0 ? null : (asOf - Math.min(...rows.map(({ firstAt }) => firstAt))) / dayMs
    case 'earliest-value': {
      const told = rows.filter((row) => typeof row.columns[of!] === 'string')
      const first = Math.min(...told.map(({ firstAt }) => firstAt))
      const values = told.filter(({ firstAt }) => firstAt === first).map((row) => row.columns[of!] as string)
      return values.sort()[0] ?? null
    }
  }
}

function rowsOf(source: SourceName, history: History, customerId: string, asOf: Instant): Row[] {
  const isKnown = (fact: { customerId: string | null; occurredAt: Instant; receivedAt: Instant }): boolean =>
    fact.customerId === customerId && fact.occurredAt <= asOf && fact.receivedAt <= asOf
  const lines = history.lines.filter(isKnown)
  const isProduct = (line: LineFact): boolean => line.productId === null || !history.nonProducts.has(line.productId)
  const sales = lines.filter(({ kind }) => kind === 'sale')
  const moment = (at: Instant, columns: Row['columns'] = {}): Row => ({ at, firstAt: at, columns })
  switch (source) {
    case 'purchases':
      return purchaseRows(sales, history, isProduct)
    case 'purchase-days':
      return purchaseDayRows(purchaseRows(sales, history, isProduct), history.zoneHours)
    case 'products':
      return [
        ...grouped(
          sales.filter((line) => line.productId !== null && isProduct(line)),
          (line) => line.productId!,
        ),
      ].map(([, bought]) => spanOf(bought))
    case 'lines':
      return sales.filter(isProduct).map((line) => {
        const discount = line.currency === history.currency ? line.discount : null
        return moment(line.occurredAt, { is_discounted: (discount ?? 0) > 0, is_discount_known: discount !== null })
      })
    case 'categories':
      return sales
        .filter((line) => line.category !== null && isProduct(line))
        .map((line) =>
          moment(line.occurredAt, {
            category: line.category,
            ...(line.currency === history.currency
              ? {
                  amount: line.amount,
                  list_amount: line.amount + (line.discount ?? 0),
                  usual_amount: usualAmount(line, history, asOf),
                }
              : {}),
          }),
        )
    case 'returns':
      return lines
        .filter((line) => line.kind === 'cancellation' || (line.kind === 'sale' && ownRefund(line, history) !== 0))
        .map((line) =>
          moment(line.occurredAt, {
            amount:
              line.currency !== history.currency && line.kind === 'cancellation'
                ? null
                : (line.kind === 'cancellation' ? -line.amount : 0) + ownRefund(line, history),
          }),
        )
    case 'sessions':
      return sessionRows(history.events.filter(isKnown), purchaseRows(sales, history, isProduct), asOf)
    case 'events':
      return history.events.filter(isKnown).map(({ occurredAt, name, call }) => moment(occurredAt, { name, call }))
  }
}

/** What as many pieces of the line's category cost on average, over every sale of it known by then. */
function usualAmount({ category, quantity }: LineFact, history: History, asOf: Instant): number | null {
  const sold = history.lines.filter(
    (line) =>
      line.kind === 'sale' &&
      line.category === category &&
      line.currency === history.currency &&
      !(line.productId !== null && history.nonProducts.has(line.productId)) &&
      line.occurredAt <= asOf &&
      line.receivedAt <= asOf,
  )
  const paid = sold.reduce((sum, { amount, discount }) => sum + amount + (discount ?? 0), 0)
  const pieces = sold.reduce((sum, line) => sum + line.quantity * 1_000_000, 0)
  return pieces === 0 ? null : Math.floor(quantity * 1_000_000 * (paid / pieces) + 0.5)
}

const ownRefund = (line: LineFact, { currency }: History): number =>
  line.currency === currency ? (line.refund ?? 0) : 0

function purchaseRows(sales: readonly LineFact[], history: History, isProduct: (line: LineFact) => boolean): Row[] {
  return [...grouped(sales, ({ orderId }) => orderId)].map(([, order]) => {
    const at = Math.min(...order.map(({ occurredAt }) => occurredAt))
    const own = order.filter(({ currency }) => currency === history.currency)
    const discounted = own.filter(({ discount }) => discount !== null)
    const local = new Date(at + history.zoneHours * 3_600_000)
    const smallest = (values: readonly (string | null)[]): string | null =>
      values.filter((value) => value !== null).sort()[0] ?? null
    const products = order.filter(isProduct)
    return {
      at,
      firstAt: at,
      columns: {
        amount: sumOrNull(own.map(({ amount }) => amount)),
        items: sumOrNull(products.map(({ quantity }) => quantity * 1_000_000)),
        discount: sumOrNull(discounted.map(({ discount }) => discount!)),
        amount_before_discount: sumOrNull(discounted.map(({ amount, discount }) => amount + discount!)),
        hour: local.getUTCHours(),
        weekday: ((local.getUTCDay() + 6) % 7) + 1,
        country: smallest(order.map(({ country }) => country)),
        source: smallest(order.map(({ source }) => source)),
      },
    }
  })
}

function purchaseDayRows(purchases: readonly Row[], zoneHours: number): Row[] {
  const dayOf = (at: Instant): number => Math.floor((at + zoneHours * 3_600_000) / dayMs)
  const days = [...grouped(purchases, ({ at }) => dayOf(at))].sort(([left], [right]) => left - right)
  return days.map(([day, orders], index) => {
    const before = days[index - 1]
    return {
      at: Math.max(...orders.map(({ at }) => at)),
      firstAt: Math.min(...orders.map(({ at }) => at)),
      columns: { gap_days: before ? day - before[0] : null },
    }
  })
}

function sessionRows(events: readonly EventFact[], purchases: readonly Row[], asOf: Instant): Row[] {
  const inSessions = events.filter(({ sessionId }) => sessionId !== null)
  return [...grouped(inSessions, ({ sessionId }) => sessionId!)].map(([, session]) => {
    const span = spanOf(session)
    const added = session.filter(({ name }) => name === 'Product Added').map(({ occurredAt }) => occurredAt)
    const start = Math.min(...added)
    const isBought =
      session.some(({ name }) => name === 'Order Completed') ||
      purchases.some(({ at }) => at >= start && at <= start + cartRescueMs)
    const isAbandoned = added.length > 0 && asOf - span.at >= cartRestMs && !isBought
    return { ...span, columns: { has_cart: added.length > 0, is_abandoned: isAbandoned } }
  })
}

function interpretTrait(trait: TraitName, history: History, customerId: string, asOf: Instant): Value {
  const known = history.traits
    .filter((record) => record.customerId === customerId && (record.knownAt === null || record.knownAt <= asOf))
    .sort((left, right) => left.batchId - right.batchId || (left.knownAt ?? 0) - (right.knownAt ?? 0))
  const latest = <T>(values: readonly (T | null)[]): T | null => values.filter((value) => value !== null).at(-1) ?? null
  if (trait === 'gender') return latest(known.map(({ gender }) => gender))
  if (trait === 'income') return latest(known.map(({ income }) => income))
  if (trait !== 'age') return null
  const born = latest(known.map(({ birthDate }) => birthDate))
  if (born === null) return null
  const today = new Date(asOf).toISOString().slice(0, 10)
  return Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
}

const sumOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0)

function spanOf(rows: readonly { readonly occurredAt: Instant }[]): Row {
  const times = rows.map(({ occurredAt }) => occurredAt)
  return { at: Math.max(...times), firstAt: Math.min(...times), columns: {} }
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
