import { z } from 'zod'
import { id, instant, json, money, number, text } from './fields.ts'

/** The six calls of the Segment spec. */
export const eventCall = z.enum(['track', 'page', 'screen', 'identify', 'group', 'alias'])
export type EventCall = z.infer<typeof eventCall>

/** Something that happened at a time. */
export const event = z.object({
  message_id: id('id of this record, given by who sent it'),
  customer_id: id('who did it'),
  call: text('track, page, screen, identify, group or alias; track where it is not said'),
  name: text('what happened: Product Viewed, Order Completed, …; the name of the page'),
  occurred_at: instant('when it happened'),
  received_at: instant('when it became known; when it happened where it is not said'),
  session_id: id('the visit'),
  product_id: id('the product it is about'),
  quantity: number('how many'),
  price: money('price of one'),
  currency: text('currency, ISO 4217'),
  source: text('where the visit came from: email, organic, …'),
  about_message_id: id('the message (email, push) it is about'),
  body: text('text that the customer wrote'),
  properties: json('everything else'),
})

export type Event = z.infer<typeof event>
