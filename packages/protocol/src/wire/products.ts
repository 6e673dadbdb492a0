import { z } from 'zod'
import { identifier } from './message.ts'

const words = (description: string) => z.string().trim().min(1).max(2000).nullish().meta({ description })

/** Units of the currency, exact to 10⁻⁶: a number, or the same as text. */
const amount = (description: string) =>
  z
    .union([
      z.number().min(0).max(9_000_000_000),
      z
        .string()
        .regex(/^\d{1,10}(\.\d{1,6})?$/, 'must be an amount like 12.50')
        .transform(Number)
        .pipe(z.number().max(9_000_000_000)),
    ])
    .nullish()
    .meta({ description })

/** What is known of a product; what is left out stays as it was. */
export const productUpsert = z
  .strictObject({
    product_id: identifier('code of the product'),
    name: words('its name'),
    category: words('its category, a path: Women > Dresses'),
    brand: words('its brand'),
    price: amount('price of one'),
    unit_cost: amount('what one costs the shop'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be a code of ISO 4217 like EUR')
      .nullish()
      .meta({ description: 'of price and cost, ISO 4217; default: the store’s' }),
    is_available: z
      .boolean()
      .nullish()
      .meta({ description: 'whether it can be bought; default: whether there is stock' }),
    stock: z.number().min(0).max(1e12).nullish().meta({ description: 'how many there are to be bought' }),
    known_at: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'since when this is so; default: now. What is known of a later moment goes before it' }),
    attributes: z.record(z.string(), z.unknown()).nullish().meta({ description: 'everything else' }),
  })
  .meta({ id: 'ProductUpsert' })
export type ProductUpsert = z.output<typeof productUpsert>

/** Products to be taken all, or none. */
export const productsUpsert = z
  .strictObject({ products: z.array(productUpsert).min(1).max(2500) })
  .meta({ id: 'ProductsUpsert' })

/** One, or many to be taken all or none. */
export const oneOrManyProducts = z.union([productUpsert, productsUpsert])
