import { z } from 'zod'

const nullableText = z.string().nullable()
const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })
const micros = z.number().meta({ description: 'whole 10⁻⁶ of the currency’s unit' })
const moment = (description: string) =>
  z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional()
    .meta({ description })

export const productSearch = z
  .strictObject({
    search: z.string().trim().max(200).default('').meta({ description: 'start of a code, part of a name' }),
    cheaper_since: moment('products that cost less now than at this moment'),
    back_since: moment('products that can be bought again since this moment'),
    after: z.string().max(512).default('').meta({ description: 'next of the page before' }),
    limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'products of a page' }),
  })
  .refine(
    ({ search, cheaper_since: cheaper, back_since: back }) =>
      [search || undefined, cheaper, back].filter((one) => one !== undefined).length < 2,
    {
      error: 'only one of search, cheaper_since and back_since can be asked for',
    },
  )

export const productAsOf = z.strictObject({ at: moment('the price that held at this moment is given too') })

const listed = {
  productId: z.string(),
  name: nullableText,
  category: nullableText,
  brand: nullableText,
  priceMicros: micros.nullable(),
  currency: nullableText,
  isAvailable: z.boolean().nullable(),
  stock: z.number().nullable(),
  nonProductRule: nullableText.meta({ description: 'why this code is no product, where it is none' }),
}

const next = nullableText.meta({ description: 'after of the next page; null on the last' })

/** Products; of those that got cheaper or came back, what they cost before and since when. */
export const productPage = z
  .object({
    products: z.array(
      z.object({
        ...z.object(listed).partial().shape,
        productId: z.string(),
        beforeMicros: micros.optional(),
        since: milliseconds.optional(),
      }),
    ),
    next,
  })
  .meta({ id: 'ProductPage' })

const held = { from: milliseconds, until: milliseconds.nullable().meta({ description: 'null while it holds' }) }
const price = z.object({ priceMicros: micros, currency: nullableText, ...held })

/** A product with every price that it had, and its stock, the newest first. */
export const productDocument = z
  .object({
    ...listed,
    unitCostMicros: micros.nullable(),
    attributes: z.unknown(),
    knownAt: milliseconds.nullable(),
    lastSoldAt: milliseconds.nullable(),
    prices: z.array(price),
    stocks: z.array(z.object({ isAvailable: z.boolean().nullable(), stock: z.number().nullable(), ...held })),
    priceAt: price.nullable().optional(),
  })
  .meta({ id: 'Product' })

/** How many products say something new; the others are as they were. */
export const productsUpserted = z
  .object({ changed: z.number(), unchanged: z.number() })
  .meta({ id: 'ProductsUpserted' })
