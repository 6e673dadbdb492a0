import { amountOf, type Micros, microsOf, sumOf } from './exact-money.ts'
import { type Fields, numberIn, objectsIn, textIn, withoutEmpty } from './fields.ts'
import { badPayload } from './wire-call.ts'

/** A line of an order, or what was given back of one. */
export interface OrderLine {
  /** Shopify's id of the line. */
  readonly id: string | undefined
  readonly item: Fields
  /** Of one, before discounts. */
  readonly price: Micros
  readonly quantity: number
  readonly discount: Micros
  /** As paid: price × quantity − discount. */
  readonly net: Micros
}

export function orderLinesIn(order: Fields): OrderLine[] {
  return objectsIn(order, 'line_items').map((item, at) => {
    const price = priceOf(item, `/line_items/${at}`)
    const quantity = quantityOf(item, `/line_items/${at}`)
    const gross = price * BigInt(quantity)
    const discount = discountOf(item)
    return { id: textIn(item, 'id'), item, price, quantity, discount, net: gross - discount }
  })
}

export function priceOf(item: Fields, pointer: string): Micros {
  const price = microsOf(item['price'])
  if (price === undefined) throw badPayload(`${pointer}/price`, 'be an amount with at most six decimals')
  return price
}

export function quantityOf(item: Fields, pointer: string): number {
  const quantity = numberIn(item, 'quantity')
  if (quantity === undefined || !Number.isSafeInteger(quantity) || quantity < 0) {
    throw badPayload(`${pointer}/quantity`, 'be a whole number')
  }
  return quantity
}

/** Shares of the order's discounts and the line's own; of shops before 2018 the line's own only. */
function discountOf(item: Fields): Micros {
  const shares = objectsIn(item, 'discount_allocations')
  return shares.length > 0
    ? sumOf(shares.map(({ amount }) => microsOf(amount)))
    : (microsOf(item['total_discount']) ?? 0n)
}

/** Characters of JSON above which products are told by their numbers only: an event has at most 32 kB. */
const longProducts = 9000

/** As the wire has them. A product goes by its stock keeping unit where it has one, as in Shopify's files. */
export function productsOf(lines: readonly OrderLine[]): Fields[] {
  const bare = lines.map(({ item, price, quantity, discount }) =>
    withoutEmpty({
      product_id: textIn(item, 'sku') ?? textIn(item, 'variant_id') ?? textIn(item, 'product_id'),
      price: amountOf(price),
      quantity,
      discount: discount === 0n ? undefined : amountOf(discount),
    }),
  )
  const full = bare.map((product, at) => {
    const { item } = lines[at]!
    const [name, variant, brand] = [textIn(item, 'title'), textIn(item, 'variant_title'), textIn(item, 'vendor')]
    return { ...product, ...withoutEmpty({ name, variant, brand }) }
  })
  return JSON.stringify(full).length > longProducts ? bare : full
}

export function amountIn(fields: Fields, name: string): number | string | undefined {
  const micros = microsOf(fields[name])
  return micros === undefined ? undefined : amountOf(micros)
}

/** @throws RapportError `ingestion.payload` when it is there and no code */
export function currencyIn(fields: Fields, name: string): string | undefined {
  const currency = textIn(fields, name)
  if (currency !== undefined && !/^[A-Za-z]{3}$/.test(currency)) {
    throw badPayload(`/${name}`, 'be a currency of ISO 4217')
  }
  return currency?.toUpperCase()
}
