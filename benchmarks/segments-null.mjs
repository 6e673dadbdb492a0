// How often `rapport segments discover --method factors` claims groups in shops that have none: 400 customers, 120 products,
// tastes that differ by degree along so many directions (0: everybody buys by popularity alone).
//
//   node benchmarks/segments-null.mjs --directions 1 --from 0 --to 100
import { parseArgs } from 'node:util'

const discovery = new URL('../packages/server/dist/segments/discovery/', import.meta.url)
const { factorPoints } = await import(new URL('factor-points.js', discovery).href)
const { findGroups } = await import(new URL('find-groups.js', discovery).href)
const { seededRandom } = await import(new URL('../packages/numerics/dist/index.js', import.meta.url).href)

const { values: given } = parseArgs({
  options: {
    directions: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '60' },
  },
})
const [directions, from, to] = [given.directions, given.from, given.to].map(Number)
const [customers, products] = [400, 120]
/** How strongly a taste of one standard deviation speaks for a product of one: a factor of e^1.2 in its odds. */
const strength = 1.2

const normals = (random, n) => Array.from({ length: n }, () => random.normal())

/** Baskets drawn without replacement, by popularity and taste (the largest of Gumbel keys). */
function shop(random) {
  const popularity = normals(random, products)
  const tastes = Array.from({ length: customers }, () => normals(random, directions))
  const kinds = Array.from({ length: products }, () => normals(random, directions))
  const entries = tastes.flatMap((taste, customer) => {
    const size = Math.min(40, 2 + Math.round(Math.exp(1.6 + 0.7 * random.normal())))
    const keys = kinds.map((kind, product) => {
      const liked =
        kind.reduce((sum, value, at) => sum + value * taste[at], 0) * (strength / Math.sqrt(directions || 1))
      return popularity[product] + liked - Math.log(-Math.log(random.uniform()))
    })
    const bought = [...keys.keys()].sort((a, b) => keys[b] - keys[a]).slice(0, size)
    return bought.sort((a, b) => a - b).map((product) => ({ customer, product, orders: 1 + random.poisson(0.3) }))
  })
  return {
    productIds: Array.from({ length: products }, (_, product) => `p${product}`),
    customers: Int32Array.from(entries, ({ customer }) => customer),
    products: Int32Array.from(entries, ({ product }) => product),
    orders: Float64Array.from(entries, ({ orders }) => orders),
  }
}

const customerIds = Array.from({ length: customers }, (_, customer) => `c${customer}`)
let alarms = 0
for (let at = from; at < to; at += 1) {
  const baskets = shop(seededRandom(1000 * directions + at))
  const points = await factorPoints(baskets, customers, { seed: 1 })
  const found = await findGroups({ points, baskets, habits: [], customerIds }, { method: 'factors', seed: 1 })
  if (found.found) alarms += 1
}
console.log({ directions, shops: to - from, alarms })
