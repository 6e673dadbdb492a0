import { IntTable } from './int-table.ts'

/** The kinds of event that the shop sends: code → [call, name]. */
export const eventKinds = [
  ['page', 'Home'],
  ['track', 'Product Viewed'],
  ['track', 'Product Added'],
  ['track', 'Product Removed'],
  ['track', 'Checkout Started'],
  ['track', 'Order Completed'],
  ['track', 'Order Refunded'],
  ['track', 'Product Reviewed'],
  ['track', 'Ticket Created'],
  ['track', 'Survey Answered'],
  ['track', 'Email Sent'],
  ['track', 'Email Opened'],
  ['track', 'Email Clicked'],
  ['track', 'Email Unsubscribed'],
  ['track', 'Email Held Out'],
  ['page', 'Category'],
] as const

export const eventCode = {
  home: 0,
  viewed: 1,
  added: 2,
  removed: 3,
  checkout: 4,
  completed: 5,
  refunded: 6,
  reviewed: 7,
  ticket: 8,
  survey: 9,
  sent: 10,
  opened: 11,
  clicked: 12,
  unsubscribed: 13,
  heldOut: 14,
  category: 15,
} as const

export const sources = ['organic', 'direct', 'paid-social', 'referral', 'email'] as const
export const emailSource = 4

/** Product codes of lines that are no product of the catalogue. */
export const lineCode = { shipping: -2, giftCard: -3, manual: -4 } as const

/** The history as it is generated, in codes; the store's text is made of them in SQL. −1 is missing. */
export class DemoRecord {
  readonly events = new IntTable([
    'customer',
    'kind',
    'seconds',
    'session',
    'product',
    'cents',
    'source',
    'campaign',
    'body',
    'detail',
  ])
  readonly lines = new IntTable([
    'customer',
    'order_number',
    'product',
    'quantity',
    'cents',
    'discount_cents',
    'kind',
    'ordinal',
    'seconds',
    'source',
  ])
  readonly customers = new IntTable([
    'customer',
    'created',
    'first',
    'last',
    'gender',
    'birth_day',
    'country',
    'region',
    'income',
    'education',
    'phone',
    'consents',
    'withdrawn',
    'withdrawn_seconds',
  ])

  clear(): void {
    this.events.clear()
    this.lines.clear()
    this.customers.clear()
  }
}
