/** What an order says of itself: exports of shops have these once an order, not on each line. */
export const orderFacts: readonly string[] = [
  'customer_id',
  'occurred_at',
  'currency',
  'status',
  'cancelled_at',
  'country',
  'source',
]

/** What an order sums up. */
export const orderAmounts: readonly string[] = ['amount', 'discount', 'tax', 'shipping', 'refund']
