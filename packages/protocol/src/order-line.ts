import { z } from 'zod'
import { id, instant, money, number, text } from './fields.ts'

/** One line of an order, or a whole order where the shop keeps only totals. */
export const orderLine = z.object({
  order_id: id('the order; without it every record is an order of its own'),
  customer_id: id('who bought'),
  occurred_at: instant('when it was bought'),
  product_id: id('code of the product'),
  description: text('name of the product'),
  category: text('category of the product'),
  quantity: number('how many; negative when taken back'),
  unit_price: money('price of one'),
  amount: money('price of the line, or of the order where a record is an order'),
  discount: money('discount given, already taken off'),
  tax: money('tax in it'),
  shipping: money('shipping charged'),
  refund: money('money given back'),
  unit_cost: money('what one costs the shop'),
  currency: text('currency, ISO 4217'),
  status: text('state of the order: cancelled and returned orders are kept apart'),
  cancelled_at: instant('when the order was cancelled; empty where it was not'),
  country: text('country of the customer'),
  source: text('where the order came from: email, organic, …'),
  message_id: id('id of this record, given by who sent it'),
})

export type OrderLine = z.infer<typeof orderLine>
