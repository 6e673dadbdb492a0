import { z } from 'zod'

const amount = z.union([
  z.number().finite(),
  z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?$/),
])
const code = z.union([z.string(), z.number().finite()]).transform((value) => String(value).trim())

/** A product as Segment's e-commerce events carry it. */
export const commerceProduct = z.looseObject({
  product_id: code.nullish(),
  sku: code.nullish(),
  name: z.string().nullish(),
  category: z.string().nullish(),
  brand: z.string().nullish(),
  variant: z.string().nullish(),
  price: amount.nullish(),
  quantity: z.number().finite().nullish(),
  /** Of the whole line: a part of the order’s discount. */
  discount: amount.nullish(),
  coupon: z.string().nullish(),
})

/** `Order Completed`, `Order Refunded`, `Order Cancelled`: an order with its products. */
export const commerceOrder = z.looseObject({
  order_id: code,
  /** Of `Order Refunded`: tells several refunds of one order apart. */
  refund_id: code.nullish(),
  products: z.array(commerceProduct).nullish(),
  currency: z.string().length(3).nullish(),
  total: amount.nullish(),
  revenue: amount.nullish(),
  subtotal: amount.nullish(),
  shipping: amount.nullish(),
  tax: amount.nullish(),
  /** Of the whole order; what its products do not name as theirs is shared among them. */
  discount: amount.nullish(),
  coupon: z.string().nullish(),
})

/** Names of Segment's e-commerce spec that rapport gives a meaning of its own. */
export const orderEvents = ['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled'] as const
export const cartEvents = ['Product Added', 'Product Removed', 'Cart Viewed', 'Checkout Started'] as const
export const productEvents = ['Product Viewed', 'Product Clicked', 'Product Added to Wishlist'] as const
