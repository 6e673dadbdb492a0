import { consentEvent, decisionEvent, type Purpose } from '@rapport/protocol'
import { type Content, counted, type Format, type Html, html, name, type Occurrence } from '../../insights/index.ts'
import type { Icon } from './icons.ts'

/** One line of a timeline. */
export interface OccurrenceWords {
  readonly icon: Icon
  readonly words: Content
  /** Below, smaller: what it was about. */
  readonly beside?: Content
}

type Write = (one: Occurrence, format: (currency: string) => Format) => OccurrenceWords

const product = ({ productName, productId }: Occurrence): Html =>
  productName !== null || productId !== null ? html`<b>${name(productName ?? productId!)}</b>` : html`a product`

const priced = ({ price, quantity, currency }: Occurrence, format: (currency: string) => Format): Content =>
  price !== null &&
  currency !== null &&
  html`${quantity !== null && quantity !== 1 && html`${format(currency).decimal(quantity)} × `}${format(currency).money(price)}`

const withProduct =
  (icon: Icon, before: string, after = ''): Write =>
  (one, format) => ({ icon, words: html`${before} ${product(one)}${after}`, beside: priced(one, format) })

const plain =
  (icon: Icon, words: string): Write =>
  () => ({ icon, words })

const order =
  (icon: Icon, words: string): Write =>
  ({ amount, currency, lines, orderId }, format) => ({
    icon,
    words: html`${words}${amount !== null && currency !== null && html` <b>${format(currency).money(Math.abs(amount))}</b>`}`,
    beside: html`${lines !== null && currency !== null && counted(format(currency), lines, 'line')}${lines !== null && orderId !== null && ', '}${orderId !== null && html`order ${name(orderId)}`}`,
  })

const email =
  (words: string): Write =>
  ({ about }) => ({ icon: 'mail', words, beside: about !== null && name(about) })

/** Beside it which purposes were granted, and which refused. */
const decision =
  (words: string): Write =>
  ({ decided }) => {
    const asked = Object.entries(decided ?? {}) as [Purpose, boolean][]
    const listed = (wanted: boolean): string =>
      asked.flatMap(([purpose, isGranted]) => (isGranted === wanted ? [purpose] : [])).join(', ')
    const said = [
      ...(listed(true) === '' ? [] : [`yes to ${listed(true)}`]),
      ...(listed(false) === '' ? [] : [`no to ${listed(false)}`]),
    ]
    return {
      icon: 'shield',
      words: `${words} what may be done with their data`,
      beside: said.length > 0 && said.join('; '),
    }
  }

const tracked: Readonly<Record<string, Write>> = {
  'Product Viewed': withProduct('eye', 'Looked at'),
  'Product Clicked': withProduct('eye', 'Clicked on'),
  'Product Added': withProduct('cart', 'Put', ' into the cart'),
  'Product Removed': withProduct('cart', 'Took', ' out of the cart'),
  'Product Added to Wishlist': withProduct('star', 'Put', ' on the wish list'),
  'Cart Viewed': plain('cart', 'Looked at the cart'),
  'Product List Viewed': plain('eye', 'Looked at a list of products'),
  'Products Searched': ({ about }) => ({
    icon: 'search',
    words: about === null ? 'Searched for products' : html`Searched for <b>${name(about)}</b>`,
  }),
  'Checkout Started': plain('bag', 'Began to check out'),
  'Payment Info Entered': plain('bag', 'Entered how to pay'),
  'Order Completed': order('bag', 'Ordered'),
  'Order Refunded': order('back', 'Sent something back:'),
  'Order Cancelled': order('back', 'Cancelled an order:'),
  'Email Sent': email('Was sent an email'),
  'Email Opened': email('Opened an email'),
  'Email Clicked': email('Clicked in an email'),
  'Email Unsubscribed': email('Unsubscribed from emails'),
  'Email Held Out': email('Was left out of an email by lot, to compare'),
  'Product Reviewed': (one) => ({
    icon: 'star',
    words: html`Reviewed ${product(one)}${one.rating !== null && html`: ${one.rating} of 5`}`,
  }),
  'Survey Answered': ({ about, score }) => ({
    icon: 'chat',
    words: html`Answered a survey${score !== null && html`: ${score} of 10`}`,
    beside: about !== null && name(about),
  }),
  'Ticket Created': plain('chat', 'Wrote to the help desk'),
  [consentEvent]: decision('Decided'),
  [decisionEvent]: decision('Their decision was recorded'),
}

const calls: Readonly<Record<string, Write>> = {
  page: ({ name: page, source }) => ({
    icon: 'page',
    words: page === 'page' ? 'Visited a page' : html`Visited <b>${name(page)}</b>`,
    beside: source !== null && html`from ${name(source)}`,
  }),
  screen: ({ name: screen }) => ({
    icon: 'page',
    words: screen === 'screen' ? 'Opened a screen of the app' : html`Opened the screen <b>${name(screen)}</b>`,
  }),
  identify: plain('person', 'Said who they are, or something about themselves'),
  group: ({ otherId }) => ({
    icon: 'person',
    words: otherId === null ? 'Joined a group' : html`Belongs to the group <b>${name(otherId)}</b>`,
  }),
  alias: ({ otherId }) => ({
    icon: 'link',
    words: otherId === null ? 'Was given another id' : html`Was known as <b>${name(otherId)}</b> before`,
  }),
}

/** What happened as a sentence; an event without words of its own goes by its name. */
export function wordsOf(one: Occurrence, format: (currency: string) => Format): OccurrenceWords {
  const known = one.call === 'track' ? tracked : calls
  const write = Object.hasOwn(known, one.call === 'track' ? one.name : one.call)
    ? known[one.call === 'track' ? one.name : one.call]
    : undefined
  return write?.(one, format) ?? { icon: 'dot', words: name(one.name), beside: one.productId !== null && product(one) }
}
