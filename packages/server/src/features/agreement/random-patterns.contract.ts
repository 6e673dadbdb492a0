import type { Random } from '@rapport/numerics'
import type { FactPattern } from '@rapport/protocol'
import { categories, countries, eventNames, plans, products, sources } from './words.contract.ts'

export type Pick = <Item>(items: readonly Item[]) => Item
export const picker =
  (random: Random): Pick =>
  (items) =>
    items[random.integer(items.length)]!

type Where = NonNullable<Exclude<FactPattern, { lines: unknown }>['where']>

/** @param isOfEvents of these alone */
export function pattern(random: Random, isOfEvents = false): FactPattern {
  const pick = picker(random)
  if (!isOfEvents && random.integer(5) < 2) {
    const where = conditions(random, [
      { field: 'quantity', op: pick(['>', '>=', '<', '<=', '=', '!=']), value: pick([1, 2, 0.5]) },
      { field: 'amount', op: pick(['>=', '<']), value: pick([0, 20, -5.25]) },
      { field: 'discount', op: pick(['known', 'missing']) },
      { field: 'country', op: pick(['=', '!=']), value: pick(countries) },
      ...ofBoth(pick),
    ])
    return { lines: pick(['sale', 'sale', 'cancellation', 'adjustment']), ...where }
  }
  const where = conditions(random, [
    { field: 'price', op: pick(['>', '<=']), value: pick([10, 19.99]) },
    { field: 'properties.rating', op: pick(['>', '>=', '<', '=', '!=']), value: pick([3, 4.5]) },
    { field: 'properties.plan.name', op: pick(['=', '!=']), value: pick(plans) },
    { field: 'properties.rating', op: pick(['known', 'missing']) },
    ...ofBoth(pick),
  ])
  const call = random.integer(8) === 0 ? { call: pick(['track', 'page', 'identify'] as const) } : {}
  return { events: pick([...eventNames, true]), ...call, ...where }
}

const ofBoth = (pick: Pick): Where => [
  { field: 'category', op: 'within', value: pick(['Women', 'Women > Dresses', 'Men']) },
  { field: 'category', op: pick(['=', '!=']), value: pick(categories) },
  { field: 'product_id', op: 'in', value: products.slice(0, 3) },
  { field: 'source', op: pick(['known', 'missing']) },
  { field: 'source', op: 'in', value: sources.slice(0, 2) },
]

function conditions(random: Random, all: Where): { readonly where?: Where } {
  const pick = picker(random)
  const count = pick([0, 0, 0, 1, 1, 2])
  return count === 0 ? {} : { where: Array.from({ length: count }, () => pick(all)) }
}
