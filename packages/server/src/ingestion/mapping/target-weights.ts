import type { ImportKind } from '@rapport/protocol'

/** Targets without which an import means nothing: each group needs one of its own. */
export const neededTargets: Readonly<Record<ImportKind, readonly (readonly string[])[]>> = {
  orders: [['occurred_at'], ['unit_price', 'amount']],
  events: [['occurred_at'], ['name']],
  customers: [['customer_id']],
  products: [['product_id']],
}

/** Targets of which a wrong source would do harm that nobody sees. */
export const weighty: Readonly<Record<ImportKind, readonly string[]>> = {
  orders: [
    'occurred_at',
    'unit_price',
    'amount',
    'quantity',
    'order_id',
    'customer_id',
    'product_id',
    'refund',
    'discount',
  ],
  events: ['occurred_at', 'name', 'customer_id', 'message_id'],
  customers: ['customer_id', 'email', 'consent', 'marketing_email', 'marketing_social', 'marketing_ads'],
  products: ['product_id', 'price', 'unit_cost'],
}
