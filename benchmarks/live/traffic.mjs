// Requests as a shop's site sends them, made from a counter: views, things put into carts, and orders with lines.

const products = 4000
const categories = ['Women > Dresses', 'Women > Shoes', 'Men > Shirts', 'Accessories > Sunglasses', 'Home > Kitchen']
/** Spreads whole numbers evenly over [0, 1). Source: Knuth, TAOCP 3, 6.4, multiplicative hashing. */
const share = (n) => (Math.imul(n, 2654435769) >>> 0) / 2 ** 32

/** Which customer does the n-th thing: half of everything is done by a fifth of them. */
export const whoDoes = (n, customers) => Math.floor(share(n) * (share(n + 77_777) < 0.5 ? customers / 5 : customers))

const nameOf = (chance) => (chance < 0.8 ? 'Product Viewed' : chance < 0.95 ? 'Product Added' : 'Order Completed')

/**
 * The n-th event of a sender, as JSON.
 *
 * @param more who, which event and in which visit, where it is not to follow from n; `at` in ISO
 */
export function eventOf(n, { sender, customers, at, who = whoDoes(n, customers), name, session }) {
  const product = Math.floor(share(n * 3 + 1) * products)
  const event = name ?? nameOf(share(n * 5 + 2))
  const item = `"product_id":"p${product}","price":${(product % 97) + 2.5},"currency":"EUR","category":"${categories[product % 5]}"`
  const lines =
    event === 'Order Completed'
      ? `,"order_id":"${sender}-${n}","products":[{${item},"quantity":1,"name":"A product with a name"}]`
      : ''
  return `{"type":"track","event":"${event}","messageId":"${sender}-${n}","userId":"u${who}","anonymousId":"a${who}","timestamp":"${at}","properties":{${item},"name":"A product with a name"${lines}},"context":{"library":{"name":"load","version":"1"},"page":{"url":"https://shop.example/p/${product}","referrer":""},"userAgent":"Mozilla/5.0 (X11; Linux x86_64)","sessionId":"${session ?? `s${who}-${at.slice(0, 13)}`}"}}`
}
