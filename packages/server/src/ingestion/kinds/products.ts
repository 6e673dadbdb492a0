import { duckdbDialect } from '../../warehouse/index.ts'
import { isNoCurrency } from '../mapping/currency-codes.ts'
import { isOutsideTime, numberContent, type PlanInput, type RecordPlan, textContent, Values } from './record-plan.ts'

/** Items of the catalogue; the latest row of a product holds, and columns that no target takes are its attributes. */
export function planProducts(input: PlanInput): RecordPlan {
  const values = new Values(input)
  const hasMoney = values.has('price') || values.has('unit_cost')
  const currency = hasMoney && input.currency ? duckdbDialect.text(input.currency) : 'null'
  const known = values.instant('known_at')
  return {
    table: 'products',
    isLatest: true,
    ...values.reading,
    parsed: new Map([
      ['product_id', values.id('product_id')],
      ['name', values.text('name')],
      ['category', values.text('category')],
      ['brand', values.text('brand')],
      ['price', values.micros('price')],
      ['unit_cost', values.micros('unit_cost')],
      ['currency', `coalesce(upper(${values.text('currency')}), ${currency})::varchar`],
      ['said_available', values.flag('is_available')],
      ['stock', `${values.number('stock')}::double`],
      ['known_at', known],
      ['attributes', values.rest()],
      ['unread_price', values.unreadable('price', values.number('price'))],
      ['unread_cost', values.unreadable('unit_cost', values.number('unit_cost'))],
      ['unread_known', values.unreadable('known_at', known)],
      ['unread_flag', values.unreadable('is_available', values.flag('is_available'))],
      ['unread_stock', values.unreadable('stock', values.number('stock'))],
    ]),
    derived: new Map([
      ['held_at', `coalesce(known_at, ${duckdbDialect.instant(input.now)})`],
      ['is_available', 'coalesce(said_available, stock > 0)'],
    ]),
    content: [
      ...['product_id', 'name', 'category', 'brand', 'currency', 'attributes'].map(textContent),
      ...['price', 'unit_cost', 'is_available', 'stock', 'epoch_us(known_at)'].map(numberContent),
    ],
    checks: [
      {
        fails: 'product_id is null',
        code: 'ingestion.product-id',
        target: 'product_id',
        must: 'a record must say its product',
      },
      {
        fails: 'unread_price',
        code: 'ingestion.price',
        target: 'price',
        must: 'the price must be a number below 10¹²',
      },
      { fails: 'price < 0', code: 'ingestion.price', target: 'price', must: 'the price must be at least 0' },
      {
        fails: 'unread_cost or unit_cost < 0',
        code: 'ingestion.amount',
        target: 'unit_cost',
        must: 'the unit cost must be a number of at least 0',
      },
      {
        fails: isNoCurrency('currency'),
        code: 'ingestion.currency',
        target: 'currency',
        must: 'the currency must be a code of ISO 4217 like EUR',
      },
      { fails: 'unread_flag', code: 'ingestion.flag', target: 'is_available', must: 'availability must be yes or no' },
      {
        fails: 'unread_stock or stock < 0',
        code: 'ingestion.stock',
        target: 'stock',
        must: 'the stock must be a number of at least 0',
      },
      {
        fails: `unread_known or ${isOutsideTime('known_at', input.now)}`,
        code: 'ingestion.time',
        target: 'known_at',
        must: 'the date must be between 1970 and now',
      },
    ],
    notices: [],
    row: {
      product_id: 'product_id',
      batch_id: '$batch::integer',
      known_at: 'held_at',
      name: 'name',
      category: 'category',
      brand: 'brand',
      price_micros: 'price',
      unit_cost_micros: 'unit_cost',
      currency: 'currency',
      is_available: 'is_available',
      attributes: 'attributes',
      stock: 'stock',
    },
  }
}
