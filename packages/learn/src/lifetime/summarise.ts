import { RapportError } from '@rapport/numerics'

/** Purchases in any order, one entry each. */
export interface Purchases {
  /** `[m]` the customer of each, numbered from 0 without large gaps. */
  readonly customers: Uint32Array
  /** `[m]` the day of each, numbered from any day one likes; the caller decides where midnight is. */
  readonly days: Int32Array
  /** `[m]` money, one currency. Left out, mean spend is left out too. */
  readonly spend?: Float64Array
}

export interface SummariseOptions {
  /** Last day that the models may see. */
  readonly calibrationEnd: number
  /** Last day of the hold-out that follows; default `calibrationEnd`, that is none. */
  readonly holdoutEnd?: number
  /** Days in the unit of time of the result: 7 gives weeks. Default 1. */
  readonly unitDays?: number
}

/** Customers with a purchase by the end of calibration, ascending; one value each in every array. */
export interface PurchaseSummaries {
  readonly customers: Uint32Array
  /** Repeat purchase days: days with a purchase after the first one. Purchases of one day count once. */
  readonly frequency: Float64Array
  /** Units of time from the first purchase day to the last. */
  readonly recency: Float64Array
  /** Units of time from the first purchase day to the end of calibration. */
  readonly age: Float64Array
  /** Mean money per repeat purchase day; 0 where frequency is 0, empty without `spend`. The first day is left out. */
  readonly meanSpend: Float64Array
  /** Mean of the logarithm of money per repeat purchase day; 0 where frequency is 0, NaN where a day's money is not above 0. */
  readonly meanLogSpend: Float64Array
  /** Money of the first purchase day; empty without `spend`. */
  readonly firstSpend: Float64Array
  /** Purchase days within the hold-out. */
  readonly holdoutFrequency: Float64Array
  /** Money spent within the hold-out; empty without `spend`. */
  readonly holdoutSpend: Float64Array
  /** Length of the hold-out in units of time. */
  readonly holdoutAge: number
}

/**
 * What the lifetime models need to know of each customer, from the dates of their purchases.
 *
 * @throws RapportError `lifetime.shape` when the arrays differ in length or are empty; `lifetime.period` when the ends are
 * not whole days in order or no purchase lies within calibration; `lifetime.unit`; `lifetime.spend` when money is not
 * finite
 *
 * Cost: O(m) memory and, when a customer's purchases are in order of time, O(m) steps.
 * Agrees with `calibration_and_holdout_data` of the Python package lifetimes.
 *
 * @example
 * const purchases = { customers: Uint32Array.of(0, 0, 0), days: Int32Array.of(0, 14, 20) }
 * summarise(purchases, { calibrationEnd: 28, unitDays: 7 }).recency // [2.857142857142857]
 */
export function summarise(purchases: Purchases, options: SummariseOptions): PurchaseSummaries {
  const { calibrationEnd, holdoutEnd, unitDays } = checkSummarise(purchases, options)
  const { starts, days, spend } = byCustomer(purchases)
  const rows: Row[] = []
  for (let customer = 0; customer + 1 < starts.length; customer += 1) {
    const [from, to] = [starts[customer]!, starts[customer + 1]!]
    if (to > from && days[from]! <= calibrationEnd) {
      rows.push(rowOf(customer, days.subarray(from, to), spend?.subarray(from, to), calibrationEnd, holdoutEnd))
    }
  }
  if (rows.length === 0) {
    throw new RapportError('lifetime.period', `a purchase must lie at or before day ${calibrationEnd}, got none`)
  }
  const column = (value: (row: Row) => number): Float64Array => Float64Array.from(rows, value)
  const isSpendKnown = spend !== undefined
  return {
    customers: Uint32Array.from(rows, ({ customer }) => customer),
    frequency: column(({ repeats }) => repeats),
    recency: column(({ first, last }) => (last - first) / unitDays),
    age: column(({ first }) => (calibrationEnd - first) / unitDays),
    meanSpend: isSpendKnown ? column((row) => (row.repeats === 0 ? 0 : row.repeatSpend / row.repeats)) : column0(),
    meanLogSpend: isSpendKnown
      ? column((row) => (row.repeats === 0 ? 0 : row.repeatLogSpend / row.repeats))
      : column0(),
    firstSpend: isSpendKnown ? column((row) => row.firstSpend) : column0(),
    holdoutFrequency: column(({ holdoutDays }) => holdoutDays),
    holdoutSpend: isSpendKnown ? column((row) => row.holdoutSpend) : column0(),
    holdoutAge: (holdoutEnd - calibrationEnd) / unitDays,
  }
}

const column0 = (): Float64Array => new Float64Array(0)

interface Row {
  readonly customer: number
  readonly first: number
  last: number
  firstSpend: number
  repeats: number
  repeatSpend: number
  repeatLogSpend: number
  holdoutDays: number
  holdoutSpend: number
}

function rowOf(
  customer: number,
  days: Int32Array,
  spend: Float64Array | undefined,
  calibrationEnd: number,
  holdoutEnd: number,
): Row {
  const first = days[0]!
  const row: Row = {
    customer,
    first,
    last: first,
    firstSpend: 0,
    repeats: 0,
    repeatSpend: 0,
    repeatLogSpend: 0,
    holdoutDays: 0,
    holdoutSpend: 0,
  }
  for (let from = 0; from < days.length && days[from]! <= holdoutEnd; ) {
    const day = days[from]!
    let daySpend = 0
    for (; from < days.length && days[from] === day; from += 1) daySpend += spend?.[from] ?? 0
    if (day > calibrationEnd) {
      row.holdoutDays += 1
      row.holdoutSpend += daySpend
    } else if (day > first) {
      row.repeats += 1
      row.repeatSpend += daySpend
      row.repeatLogSpend += daySpend > 0 ? Math.log(daySpend) : Number.NaN
      row.last = day
    } else row.firstSpend = daySpend
  }
  return row
}

/** Purchases sorted by customer and day, by counting. Equal days keep their order, so sums do not depend on the sort. */
function byCustomer({ customers, days, spend }: Purchases): {
  readonly starts: Uint32Array
  readonly days: Int32Array
  readonly spend: Float64Array | undefined
} {
  const count = customers.reduce((most, customer) => Math.max(most, customer), 0) + 1
  const starts = new Uint32Array(count + 1)
  for (const customer of customers) starts[customer + 1]! += 1
  for (let customer = 0; customer < count; customer += 1) starts[customer + 1]! += starts[customer]!
  const next = starts.slice()
  const order = new Uint32Array(customers.length)
  for (let at = 0; at < customers.length; at += 1) {
    order[next[customers[at]!]!] = at
    next[customers[at]!]! += 1
  }
  for (let customer = 0; customer < count; customer += 1) {
    const slice = order.subarray(starts[customer]!, starts[customer + 1]!)
    const isInOrder = slice.every((at, index) => index === 0 || days[slice[index - 1]!]! <= days[at]!)
    if (!isInOrder) slice.sort((a, b) => days[a]! - days[b]! || a - b)
  }
  return {
    starts,
    days: Int32Array.from(order, (at) => days[at]!),
    spend: spend === undefined ? undefined : Float64Array.from(order, (at) => spend[at]!),
  }
}

function checkSummarise(
  { customers, days, spend }: Purchases,
  { calibrationEnd, holdoutEnd = calibrationEnd, unitDays = 1 }: SummariseOptions,
): Required<SummariseOptions> {
  const m = customers.length
  if (m === 0 || days.length !== m || (spend !== undefined && spend.length !== m)) {
    const got = [m, days.length, ...(spend === undefined ? [] : [spend.length])].join(', ')
    throw new RapportError('lifetime.shape', `arrays must have one equal length of at least 1, got ${got}`)
  }
  if (!Number.isInteger(calibrationEnd) || !Number.isInteger(holdoutEnd) || holdoutEnd < calibrationEnd) {
    const got = `got ${calibrationEnd} and ${holdoutEnd}`
    throw new RapportError('lifetime.period', `the ends must be whole days, calibration before hold-out, ${got}`)
  }
  if (!(unitDays > 0 && unitDays < Infinity)) {
    throw new RapportError('lifetime.unit', `a unit must be more than 0 days, got ${unitDays}`)
  }
  const odd = spend?.findIndex((amount) => !Number.isFinite(amount)) ?? -1
  if (odd >= 0) {
    throw new RapportError('lifetime.spend', `spend must be finite, got ${spend![odd]} at purchase ${odd}`)
  }
  return { calibrationEnd, holdoutEnd, unitDays }
}
