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

const calls = ['track', 'page', 'screen', 'identify', 'group', 'alias'].map(duckdbDialect.text).join(', ')

const texts = [
  'customer_id',
  'call',
  'name',
  'session_id',
  'product_id',
  'currency',
  'source',
  'about_message_id',
  'body',
  'properties',
]

/** Events after the Segment spec: a call, a name, a time, and properties; columns that no target takes become properties. */
export function planEvents(input: PlanInput): RecordPlan {
  const values = new Values(input)
  const currency = values.has('price') && input.currency ? duckdbDialect.text(input.currency) : 'null'
  const parsed = new Map<string, string>([
    ['customer_id', values.id('customer_id')],
    ['call', values.has('call') ? `coalesce(lower(${values.text('call')}), 'track')` : `'track'`],
    ['given_name', values.text('name')],
    ['occurred_at', values.instant('occurred_at')],
    ['given_received_at', values.instant('received_at')],
    ['session_id', values.id('session_id')],
    ['product_id', values.id('product_id')],
    ['quantity', values.number('quantity')],
    ['price', values.micros('price')],
    ['currency', `coalesce(upper(${values.text('currency')}), ${currency})::varchar`],
    ['source', values.text('source')],
    ['about_message_id', values.id('about_message_id')],
    ['body', values.text('body')],
    ['properties', values.rest('properties.')],
    ...['received_at', 'quantity', 'price'].map((target) => [`unread_${target}`, unread(values, target)] as const),
    ...(values.has('message_id') ? [['message_id', values.id('message_id')] as const] : []),
  ])
  return {
    table: 'events',
    isLatest: false,
    ...values.reading,
    parsed,
    derived: new Map([
      ['name', `case when call = 'track' then given_name else coalesce(given_name, call) end`],
      ['received_at', 'coalesce(given_received_at, occurred_at)'],
    ]),
    content: [...texts.map(textContent), ...['quantity', 'price'].map(numberContent), instantContent('occurred_at')],
    checks: checksOf(input),
    notices: [],
    row: {
      event_key: 'key',
      batch_id: '$batch::integer',
      customer_id: 'customer_id',
      call: 'call',
      name: 'name',
      occurred_at: 'occurred_at',
      received_at: 'received_at',
      session_id: 'session_id',
      product_id: 'product_id',
      quantity: 'quantity::double',
      price_micros: 'price',
      currency: 'currency',
      source: 'source',
      message_id: 'about_message_id',
      body: 'body',
      properties: 'properties',
      // Of events that come over the wire.
      position: 'null::bigint',
      anonymous_id: 'null::varchar',
      other_id: 'null::varchar',
      context: 'null::varchar',
      repeats_ids: 'null::boolean',
    },
  }
}

const unread = (values: Values, target: string): string =>
  values.unreadable(target, target === 'received_at' ? values.instant(target) : values.number(target))

const checksOf = (input: PlanInput): readonly Check[] => [
  {
    fails: `call not in (${calls})`,
    code: 'ingestion.call',
    target: 'call',
    must: `the call must be one of ${calls.replaceAll("'", '')}`,
  },
  { fails: 'name is null', code: 'ingestion.name', target: 'name', must: 'an event must have a name' },
  {
    fails: 'occurred_at is null',
    code: 'ingestion.date',
    target: 'occurred_at',
    must: 'the date must be one, written as the column writes it',
  },
  {
    fails: isOutsideTime('occurred_at', input.now),
    code: 'ingestion.time',
    target: 'occurred_at',
    must: 'the date must be between 1970 and now',
  },
  {
    fails: 'unread_received_at',
    code: 'ingestion.date',
    target: 'received_at',
    must: 'the date must be one, written as the column writes it',
  },
  {
    fails: isOutsideTime('received_at', input.now),
    code: 'ingestion.time',
    target: 'received_at',
    must: 'the date must be between 1970 and now',
  },
  { fails: 'unread_quantity', code: 'ingestion.quantity', target: 'quantity', must: 'the quantity must be a number' },
  { fails: 'unread_price', code: 'ingestion.price', target: 'price', must: 'the price must be a number below 10¹²' },
  {
    fails: isNoCurrency('currency'),
    code: 'ingestion.currency',
    target: 'currency',
    must: 'the currency must be a code of ISO 4217 like EUR',
  },
]
