import type { ImportKind } from '@rapport/protocol'
import { readSource } from './source-hints.ts'

type Mapping = Readonly<Record<string, string>>

/** What is known beforehand of a well-known file. */
export interface Preset {
  readonly kind: ImportKind
  /** Target → source, one of several ways that the file is spread in; the first whose sources are all there. */
  readonly mappings: readonly Mapping[]
  /** Target → source, taken where the file has the source. */
  readonly optional?: Mapping
  /** What such a file is in words, for one that its columns alone give away: those of a mapping and these. */
  readonly words?: string
  readonly signs?: readonly string[]
  readonly currency?: string
  readonly timezone?: string
  /** Column names where the file has none, by their number. */
  readonly headerless: readonly (readonly string[])[]
}

export const presetNames = [
  'online-retail-ii',
  'cdnow',
  'shopify',
  'shopify-customers',
  'woocommerce',
  'hubspot-contacts',
] as const
export type PresetName = (typeof presetNames)[number]

const retail = {
  product_id: 'StockCode',
  description: 'Description',
  quantity: 'Quantity',
  occurred_at: 'InvoiceDate',
  country: 'Country',
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  'online-retail-ii': {
    kind: 'orders',
    mappings: [
      { order_id: 'Invoice', ...retail, unit_price: 'Price', customer_id: 'Customer ID' },
      { order_id: 'InvoiceNo', ...retail, unit_price: 'UnitPrice', customer_id: 'CustomerID' },
    ],
    currency: 'GBP',
    timezone: 'Europe/London',
    headerless: [],
  },
  cdnow: {
    kind: 'orders',
    mappings: [{ customer_id: 'customer_id', occurred_at: 'date', amount: 'dollar_value' }],
    currency: 'USD',
    timezone: 'UTC',
    // The tenth of the customers that papers use comes with a second, shorter number of the customer.
    headerless: [
      ['customer_id', 'date', 'number_of_cds', 'dollar_value'],
      ['customer_id', 'sample_id', 'date', 'number_of_cds', 'dollar_value'],
    ],
  },
  // Each line of an order is a row; all but the first leave out what is the order's. Prices are before discounts, so that a
  // line's amount is its share of the subtotal. Source: help.shopify.com, "Exporting orders", 2024.
  shopify: {
    kind: 'orders',
    mappings: [
      {
        order_id: 'Name',
        occurred_at: 'Created at:order',
        description: 'Lineitem name',
        quantity: 'Lineitem quantity',
        unit_price: 'Lineitem price',
      },
    ],
    optional: {
      customer_id: 'Email:order',
      product_id: 'Lineitem sku',
      amount: 'Subtotal:order',
      discount: 'Discount Amount:order',
      tax: 'Taxes:order',
      shipping: 'Shipping:order',
      refund: 'Refunded Amount:order',
      currency: 'Currency:order',
      status: 'Financial Status:order',
      cancelled_at: 'Cancelled at:order',
      country: 'Billing Country:order',
      source: 'Source:order',
    },
    words: 'order exports of Shopify',
    headerless: [],
  },
  // Orders of Shopify name customers by email only, so that is what customers go by here too.
  'shopify-customers': {
    kind: 'customers',
    mappings: ['Accepts Email Marketing', 'Accepts Marketing'].map((consent) => ({
      customer_id: 'Email',
      email: 'Email',
      first_name: 'First Name',
      last_name: 'Last Name',
      marketing_email: consent,
    })),
    optional: {
      phone: 'Phone',
      city: 'Default Address City',
      region: 'Default Address Province Code',
      country: 'Default Address Country Code',
      postal_code: 'Default Address Zip',
    },
    words: 'customer exports of Shopify',
    signs: ['Total Spent', 'Total Orders'],
    headerless: [],
  },
  // Of the plugin "Advanced Order Export": orders' columns on every line or the first; the cost of an item is what was paid.
  woocommerce: {
    kind: 'orders',
    mappings: ['Quantity (- Refund)', 'Quantity'].map((quantity) => ({
      order_id: 'Order Number',
      occurred_at: 'Order Date:order',
      description: 'Item Name',
      quantity,
      unit_price: 'Item Cost',
    })),
    optional: {
      customer_id: 'Email (Billing):order',
      product_id: 'SKU',
      discount: 'Cart Discount Amount:order',
      tax: 'Order Total Tax Amount:order',
      shipping: 'Order Shipping Amount:order',
      refund: 'Order Refund Amount:order',
      currency: 'Order Currency:order',
      status: 'Order Status:order',
      country: 'Country Code (Billing):order',
    },
    words: 'order exports of WooCommerce',
    headerless: [],
  },
  // HubSpot tells contacts apart by their address, and so do the orders of most shops; its own number stays a trait. None of
  // its columns is a consent: "Marketing contact status" says what is billed, "Unsubscribed from all email" and "Opted out"
  // say who has refused, and a legal basis says neither when nor to what. Source: knowledge.hubspot.com, "Export records",
  // and "HubSpot's default contact properties", 2025.
  'hubspot-contacts': {
    kind: 'customers',
    mappings: [{ customer_id: 'Email', email: 'Email', first_name: 'First Name', last_name: 'Last Name' }],
    optional: {
      phone: 'Phone Number',
      city: 'City',
      region: 'State/Region',
      country: 'Country/Region',
      postal_code: 'Postal Code',
      created_at: 'Create Date',
      known_at: 'Last Modified Date',
    },
    words: 'contact exports of HubSpot',
    signs: ['Record ID', 'Create Date'],
    headerless: [],
  },
}

/** The preset's mapping of a file with these columns; undefined when it lacks one that the preset needs. */
export function mappingOf(preset: Preset, names: readonly string[]): Mapping | undefined {
  const isThere = (source: string): boolean => names.includes(readSource(source, names).name)
  const mapping = preset.mappings.find((one) => Object.values(one).every(isThere))
  if (!mapping) return undefined
  const optional = Object.entries(preset.optional ?? {}).filter(([, source]) => isThere(source))
  return { ...mapping, ...Object.fromEntries(optional) }
}

/** The mapping of a file that its columns alone give away, and what such files are. */
export function recogniseFile(
  kind: ImportKind,
  names: readonly string[],
): { readonly mapping: Mapping; readonly words: string } | undefined {
  for (const preset of Object.values(presets)) {
    const mapping = preset.kind === kind ? mappingOf(preset, names) : undefined
    const isSigned = preset.signs?.every((name) => names.includes(name)) ?? true
    if (mapping && preset.words !== undefined && isSigned) return { mapping, words: preset.words }
  }
  return undefined
}
