import { countOf } from '../../base/index.ts'
import { duckdbDialect } from '../../warehouse/index.ts'
import { isNoCurrency } from '../mapping/currency-codes.ts'
import {
  type Check,
  instantContent,
  isOutsideTime,
  numberContent,
  type PlanInput,
  type RecordPlan,
  textContent,
  Values,
} from './record-plan.ts'

const { text } = duckdbDialect

/** Amounts beside the line's own, kept where the file has them. */
const sideAmounts = ['discount', 'tax', 'shipping', 'refund', 'unit_cost'] as const

/** States of an order that say it was taken back, in several languages. */
const takenBack =
  'cancel|void|refund|return|storn|annul|rembours|retour|zurück|erstatt|cancelad|devuelt|reembols|rimbors|reso$|chargeback'

/** A part of an order that was given back leaves it an order. */
const takenBackInPart = 'partial|teil|partiel|parcial|parzial'

/** `quantity × unit price`, or `amount / quantity`, in whole 10⁻⁶, rounded once, half away from zero; null beyond BIGINT. */
const rounded = (numerator: string, divisor: string): string =>
  `try_cast(sign(${numerator}) * ((abs(${numerator}) + ${divisor} // 2) // ${divisor}) as bigint)`

/**
 * Order lines: one record per line (quantity and unit price) or per order (an amount).
 *
 * Kinds, by the first rule that holds: a negative price is an adjustment; a line of an order marked as cancelled (by its
 * state, or by a prefix of its id that only taken-back orders have) is a cancellation; a negative quantity at no price is
 * an adjustment (stock corrected, nothing paid back); a negative quantity or amount is a cancellation; the rest are sales.
 */
export function planOrders(input: PlanInput): RecordPlan {
  const values = new Values(input)
  const perLine = values.has('unit_price')
  const money = ['unit_price', 'amount', ...sideAmounts].filter((target) => values.has(target))
  const parsed = new Map<string, string>([
    ['given_order_id', values.id('order_id')],
    ['customer_id', values.id('customer_id')],
    ['product_id', values.id('product_id')],
    ['description', values.text('description')],
    ['category', values.text('category')],
    ['given_quantity', values.number('quantity')],
    ['given_price', values.micros('unit_price')],
    ['given_amount', values.micros('amount')],
    ...sideAmounts.map((target) => [target, values.micros(target)] as const),
    ['occurred_at', values.instant('occurred_at')],
    ['country', values.text('country')],
    ['source', values.text('source')],
    ['status', values.text('status')],
    ['cancelled_at', values.instant('cancelled_at')],
    ['unread_cancelled_at', values.unreadable('cancelled_at', values.instant('cancelled_at'))],
    ['currency', currencySql(input, values)],
    ...(values.has('message_id') ? [['message_id', values.id('message_id')] as const] : []),
    ['is_rounded', money.map((target) => values.isRounded(target)).join(' or ') || 'false'],
    ...unreadable(values),
  ])
  const hugeQuantity = '(given_quantity::decimal(38, 6) * 1000000)::hugeint'
  const quantity = values.has('quantity')
    ? 'given_quantity'
    : perLine
      ? '1::decimal(18, 6)'
      : '(case when given_amount < 0 then -1 else 1 end)::decimal(18, 6)'
  const derived = new Map<string, string>([
    ['quantity', quantity],
    ['is_taken_back', isTakenBackSql(input, values)],
    [
      'price_micros',
      perLine
        ? 'given_price'
        : values.has('quantity')
          ? rounded('(given_amount::hugeint * 1000000 * sign(given_quantity))', `nullif(abs(${hugeQuantity}), 0)`)
          : 'abs(given_amount)',
    ],
    [
      'amount_micros',
      values.has('amount')
        ? 'given_amount'
        : values.has('quantity')
          ? `case when given_quantity = trunc(given_quantity) and abs(given_quantity) < 1000000
              and abs(given_price) < 9000000000000 then given_price * given_quantity::bigint
            else ${rounded(`(given_price::hugeint * ${hugeQuantity})`, '1000000')} end`
          : 'given_price',
    ],
  ])
  return {
    table: 'order_lines',
    isLatest: false,
    ...values.reading,
    parsed,
    derived,
    content: [
      ...texts.filter((name) => isKnown(name, values)).map(textContent),
      ...numbers.filter((name) => isKnown(name, values)).map(numberContent),
      instantContent('occurred_at'),
      ...(values.has('cancelled_at') ? [instantContent('cancelled_at')] : []),
    ],
    checks: checksOf(input, values),
    notices: [...notices, ...notesOf(input)],
    row: {
      line_key: 'key',
      batch_id: '$batch::integer',
      // Without an id of its own, a record is an order, named after its content.
      order_id: values.has('order_id') ? 'given_order_id' : `'order-' || lower(hex(key))`,
      customer_id: 'customer_id',
      product_id: 'product_id',
      description: 'description',
      category: 'category',
      quantity: 'quantity::double',
      unit_price_micros: 'price_micros',
      amount_micros: 'amount_micros',
      ...Object.fromEntries(sideAmounts.map((target) => [`${target}_micros`, target])),
      // It was never a sale, so that what it would have brought must not come off what sales brought, nor onto it.
      refund_micros: `case when is_taken_back and amount_micros > 0 and coalesce(refund, 0) = 0 then amount_micros else refund end`,
      currency: 'currency',
      kind: kindSql,
      ordinal: 'ordinal::integer',
      occurred_at: 'occurred_at',
      received_at: 'occurred_at',
      country: 'country',
      source: 'source',
    },
  }
}

const texts = [
  'given_order_id',
  'customer_id',
  'product_id',
  'description',
  'category',
  'country',
  'source',
  'status',
  'currency',
]
const numbers = ['quantity', 'price_micros', 'amount_micros', ...sideAmounts]

function isKnown(name: string, values: Values): boolean {
  const sources: Record<string, string> = {
    given_order_id: 'order_id',
    price_micros: 'unit_price',
    amount_micros: 'amount',
  }
  return name === 'currency' || values.has(sources[name] ?? name)
}

function currencySql(input: PlanInput, values: Values): string {
  const given = values.has('currency') ? `upper(${values.text('currency')})` : 'null'
  if (input.currency === undefined) return `${given}::varchar`
  return values.has('currency') ? `coalesce(${given}, ${text(input.currency)})` : text(input.currency)
}

function checksOf(input: PlanInput, values: Values): readonly Check[] {
  const amountTarget = values.has('unit_price') ? 'unit_price' : 'amount'
  const amount = amountTarget === 'unit_price' ? 'given_price' : 'given_amount'
  const checks: Check[] = []
  const check = (target: string, fails: string, code: string, must: string): void => {
    if (values.has(target)) checks.push({ fails, code: `ingestion.${code}`, target, must })
  }
  check('order_id', 'given_order_id is null', 'order-id', 'a record must say its order')
  check('occurred_at', 'occurred_at is null', 'date', 'the date must be one, written as the column writes it')
  check('occurred_at', isOutsideTime('occurred_at', input.now), 'time', 'the date must be between 1970 and now')
  check('cancelled_at', 'unread_cancelled_at', 'date', 'the date must be one, written as the column writes it')
  check('quantity', 'given_quantity is null', 'quantity', 'the quantity must be a number')
  check('quantity', 'given_quantity = 0', 'quantity', 'the quantity must not be 0')
  check(amountTarget, `${amount} is null`, 'price', 'the price must be a number below 10¹²')
  for (const target of sideAmounts) {
    check(target, `unread_${target}`, 'amount', `the ${target.replace('_', ' ')} must be a number`)
  }
  check('amount', 'amount_micros is null', 'price', 'the amount must be a number below 10¹²')
  check('quantity', 'amount_micros is null or price_micros is null', 'amount', 'quantity × price must be below 9·10¹²')
  check(
    'currency',
    `currency is null or ${isNoCurrency('currency')}`,
    'currency',
    'the currency must be a code of ISO 4217 like EUR',
  )
  return checks
}

const notices: RecordPlan['notices'] = [
  {
    holds: 'price_micros < 0',
    says: (count) =>
      `${countOf(count, 'record with a negative price is kept as an adjustment', 'records with a negative price are kept as adjustments')}, out of sales`,
  },
  {
    holds: 'is_rounded',
    says: (count) => `${countOf(count, 'record')} had amounts with more than six decimals, rounded to six`,
  },
]

const notesOf = ({ columns }: PlanInput): RecordPlan['notices'] =>
  (columns.get('order_id')?.notes ?? []).map((note) => ({ holds: 'true', says: () => note }))

const unreadable = (values: Values): (readonly [string, string])[] =>
  sideAmounts
    .filter((target) => values.has(target))
    .map((target) => [`unread_${target}`, values.unreadable(target, values.number(target))] as const)

function isTakenBackSql(input: PlanInput, values: Values): string {
  const marks: string[] = []
  if (values.has('status')) {
    const isWhole = `not regexp_matches(lower(status), ${text(takenBackInPart)})`
    marks.push(`(regexp_matches(lower(status), ${text(takenBack)}) and ${isWhole})`)
  }
  if (values.has('cancelled_at')) marks.push('cancelled_at is not null')
  for (const prefix of input.cancellationPrefixes) {
    // The first test is cheap and spares most lines the second.
    marks.push(
      `(starts_with(given_order_id, ${text(prefix)}) and regexp_matches(given_order_id, ${text(`^${prefix}[0-9]`)}))`,
    )
  }
  return marks.length > 0 ? `coalesce(${marks.join(' or ')}, false)` : 'false'
}

const kindSql = `case when price_micros < 0 then 'adjustment'
    when is_taken_back then 'cancellation'
    when quantity < 0 and amount_micros = 0 then 'adjustment'
    when quantity < 0 or amount_micros < 0 then 'cancellation'
    else 'sale' end`
