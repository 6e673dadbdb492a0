// Shopify's documented examples, shortened to the fields that matter and those beside them. Source: shopify.dev, Admin REST
// API 2025-04, resources Order (450789469), Refund (509562969), Customer (207119551) and Checkout (450789469), and the
// webhook topic orders/create (820982911946154508).

const customer = {
  id: 207119551,
  email: 'bob.norman@mail.example.com',
  created_at: '2025-01-02T15:23:16-05:00',
  updated_at: '2025-01-02T15:23:16-05:00',
  first_name: 'Bob',
  last_name: 'Norman',
  orders_count: 1,
  state: 'disabled',
  total_spent: '199.65',
  last_order_id: 450789469,
  note: null,
  verified_email: true,
  multipass_identifier: null,
  tax_exempt: false,
  tags: 'Léon, Noël',
  last_order_name: '#1001',
  currency: 'USD',
  phone: '+16136120707',
  default_address: {
    ...{ id: 207119551, customer_id: 207119551, first_name: null, last_name: null, company: null },
    ...{ address1: 'Chestnut Street 92', address2: '', city: 'Louisville', province: 'Kentucky', zip: '40202' },
    ...{ country: 'United States', province_code: 'KY', country_code: 'US', phone: '555-625-1199', default: true },
  },
  email_marketing_consent: {
    state: 'subscribed',
    opt_in_level: null,
    consent_updated_at: '2004-06-13T11:57:11-04:00',
  },
}

const line = (id: number, variant_id: number, sku: string, variant_title: string, discount: string) => ({
  ...{ id, variant_id, sku, variant_title, product_id: 632910392, title: 'IPod Nano - 8gb', vendor: null },
  ...{ name: `IPod Nano - 8gb - ${variant_title}`, quantity: 1, price: '199.00', total_discount: '0.00' },
  ...{ gift_card: false, taxable: true, fulfillment_status: null },
  discount_allocations: [{ amount: discount, discount_application_index: 0 }],
})

const lines = [
  line(466157049, 39072856, 'IPOD2008GREEN', 'green', '3.34'),
  line(518995019, 49148385, 'IPOD2008RED', 'red', '3.33'),
  line(703073504, 457924702, 'IPOD2008BLACK', 'black', '3.33'),
]

const order = {
  id: 450789469,
  admin_graphql_api_id: 'gid://shopify/Order/450789469',
  cancel_reason: null,
  cancelled_at: null,
  contact_email: 'bob.norman@mail.example.com',
  created_at: '2008-01-10T11:00:00-05:00',
  currency: 'USD',
  discount_codes: [{ code: 'TENOFF', amount: '10.00', type: 'fixed_amount' }],
  email: 'bob.norman@mail.example.com',
  financial_status: 'partially_refunded',
  fulfillment_status: null,
  landing_site: 'http://www.example.com?source=abc&utm_source=spring&utm_medium=email',
  name: '#1001',
  order_number: 1001,
  presentment_currency: 'USD',
  processed_at: '2008-01-10T11:00:00-05:00',
  referring_site: 'http://www.otherexample.com',
  subtotal_price: '597.00',
  test: false,
  total_discounts: '10.00',
  total_line_items_price: '597.00',
  total_price: '598.94',
  total_shipping_price_set: { shop_money: { amount: '0.00', currency_code: 'USD' } },
  total_tax: '11.94',
  updated_at: '2008-01-10T11:00:00-05:00',
  customer,
  line_items: lines,
  refunds: [],
}

const shopMoney = (amount: string) => ({ shop_money: { amount, currency_code: 'USD' } })

/** One of the three given back: 199.00 less its share of the discount, with its tax. */
const refund = {
  id: 509562969,
  order_id: 450789469,
  created_at: '2025-01-02T15:23:16-05:00',
  note: 'it broke during shipping',
  user_id: 548380009,
  processed_at: '2025-01-02T15:23:16-05:00',
  restock: true,
  order_adjustments: [],
  refund_line_items: [
    {
      ...{ id: 104689539, quantity: 1, line_item_id: 703073504, location_id: 487838322, restock_type: 'return' },
      ...{ subtotal: 195.67, total_tax: 3.98, subtotal_set: shopMoney('195.67'), total_tax_set: shopMoney('3.98') },
      line_item: lines[2],
    },
  ],
  transactions: [
    {
      ...{ id: 179259969, order_id: 450789469, kind: 'refund', gateway: 'bogus', status: 'success' },
      ...{ amount: '209.00', currency: 'USD', test: false },
    },
  ],
}

const checkout = {
  token: 'b1946ac92492d2347c6235b4d2611184',
  cart_token: 'eeafa272cebfd4b22385bc4b645e762c',
  email: 'bob.norman@mail.example.com',
  created_at: '2012-10-12T07:05:27-04:00',
  updated_at: '2012-10-12T07:05:27-04:00',
  currency: 'USD',
  subtotal_price: '398.00',
  total_price: '409.94',
  line_items: [
    { variant_id: 49148385, product_id: 632910392, title: 'IPod Nano - 8GB', quantity: 1, price: '199.00', sku: '' },
  ],
  abandoned_checkout_url: 'https://checkout.local/548380009/checkouts/b1946ac92492d2347c6235b4d2611184/recover',
  customer: null,
}

/** Its ids are beyond what a float holds. */
const testOrder = '{"id":820982911946154508,"test":true,"name":"#9999","currency":"USD","line_items":[]}'

export const shopify = { customer, order, refund, checkout, testOrder }
