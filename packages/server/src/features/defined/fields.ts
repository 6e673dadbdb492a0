import { placedError } from '../../base/index.ts'
import type { FactKind } from './fact.ts'

/** `either` is read as what it is asked for: properties are text, and numbers where their text is one. */
export type FieldType = 'text' | 'number' | 'either'

/**
 * Fields of facts. Money is in the store's currency: an amount in another one is missing, since there is no rate to
 * convert it by. An hour is that of the day on the clocks of the store's time zone, from 00 to 23. A category is the fact's own, else the product's as the catalogue had it when the fact was received.
 */
const fields: Readonly<Record<FactKind, Readonly<Record<string, FieldType>>>> = {
  event: {
    product_id: 'text',
    category: 'text',
    session_id: 'text',
    source: 'text',
    currency: 'text',
    message_id: 'text',
    hour: 'text',
    quantity: 'number',
    price: 'number',
  },
  line: {
    order_id: 'text',
    product_id: 'text',
    category: 'text',
    source: 'text',
    currency: 'text',
    country: 'text',
    hour: 'text',
    quantity: 'number',
    unit_price: 'number',
    amount: 'number',
    discount: 'number',
    tax: 'number',
    shipping: 'number',
    refund: 'number',
    unit_cost: 'number',
  },
}

/**
 * What a field holds.
 *
 * @param place the feature and the pointer to where the field is named
 * @throws RapportError `features.field` when facts of this kind have no such field
 */
export function fieldType(kind: FactKind, field: string, place: string): FieldType {
  if (field.startsWith('properties.') && kind === 'event') return 'either'
  const type = Object.hasOwn(fields[kind], field) ? fields[kind][field] : undefined
  if (type !== undefined) return type
  const more = kind === 'event' ? ', or properties. and a key' : ''
  throw placedError(
    'features.field',
    place,
    `must be a field of ${kind}s (${Object.keys(fields[kind]).join(', ')}${more}), got ${field}`,
  )
}
