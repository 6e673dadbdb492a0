import { z } from 'zod'
import { flag, id, instant, json, money, number, text } from './fields.ts'

/** An item of the catalogue. */
export const product = z.object({
  product_id: id('code of the product'),
  name: text('its name'),
  category: text('its category, a path: Women > Dresses'),
  brand: text('its brand'),
  price: money('price of one'),
  unit_cost: money('what one costs the shop'),
  currency: text('currency, ISO 4217'),
  is_available: flag('whether it can be bought now'),
  stock: number('how many there are to be bought'),
  known_at: instant('when this was so; now where it is not said'),
  attributes: json('everything else'),
})

export type Product = z.infer<typeof product>
