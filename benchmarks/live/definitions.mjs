// Fifty declared features of customers, of every kind, and thirty live segments: what the benchmarks of the live copy keep.

const last = (n, unit, more = {}) => ({ last: { count: n, unit }, ...more })
const of = (aggregate, events, more = {}) => ({ aggregate, from: { events }, ...more })

/** As JSON: most over days, some over hours, minutes, months and sessions. */
export function fiftyFeatures() {
  const values = []
  for (const name of ['Product Viewed', 'Product Added', 'Order Completed'])
    for (const window of [last(1, 'day'), last(7, 'day'), last(30, 'day'), { calendar: 'month' }, undefined])
      values.push(of('count', name, { window }))
  for (const aggregate of ['sum', 'average', 'max', 'min'])
    for (const window of [last(30, 'day'), last(365, 'day', { grain: 'day' }), undefined])
      values.push(of(aggregate, 'Order Completed', { of: 'price', window }))
  for (const name of ['Product Viewed', 'Product Added'])
    for (const aggregate of ['time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'])
      values.push(of(aggregate, name))
  for (const window of [last(7, 'day'), last(90, 'day')]) {
    values.push(of('distinct', 'Product Viewed', { of: 'product_id', window }))
    values.push(of('most-frequent', 'Product Viewed', { of: 'category', window }))
  }
  values.push({ trend: of('count', 'Product Viewed', { window: last(14, 'day') }) })
  values.push({ trend: of('sum', 'Order Completed', { of: 'price', window: last(30, 'day') }) })
  values.push(of('last', 'Product Viewed', { of: 'category' }))
  values.push(of('first', true, { of: 'source' }))
  const within = { count: 4, unit: 'hour' }
  const [added, viewed] = [{ events: 'Product Added' }, { events: 'Product Viewed' }]
  const left = { first: added, never: { events: 'Order Completed' }, within }
  values.push({ sequence: left, window: last(7, 'day') })
  values.push({ sequence: { first: viewed, next: added, within }, window: last(30, 'day') })
  for (const halfLife of [
    { count: 7, unit: 'day' },
    { count: 1, unit: 'hour' },
  ])
    values.push(of('decayed-sum', 'Product Viewed', { halfLife }))
  const session = { session: 'current' }
  for (const name of ['Product Viewed', 'Product Added']) values.push(of('count', name, { window: session }))
  values.push(of('distinct', 'Product Viewed', { of: 'category', window: session }))
  return values.map((value, index) => ({ name: `f${index}`, label: `feature ${index}`, value }))
}

/**
 * As JSON: the shipped ones by behaviour, by age and other traits, then such as a shop adds, which customers come into and
 * leave with most of what they do.
 *
 * @param shipped as the library has them
 */
export function thirtySegments(shipped) {
  const more = [
    ['three-views', 'Three views in this visit', { feature: 'f47', op: '>=', value: 3 }],
    ['two-categories', 'Two categories in this visit', { feature: 'f49', op: '>=', value: 2 }],
    ['added-now', 'Put something into the cart in this visit', { feature: 'f48', op: '>=', value: 1 }],
    ['busy-day', 'Five views today', { feature: 'f0', op: '>=', value: 5 }],
    ['keen', 'Looks more than before', { feature: 'f39', op: '>', value: 0.2 }],
    ['hot', 'Looked within this hour, again and again', { feature: 'f46', op: '>=', value: 2.5 }],
    ['warm', 'Looked this week', { feature: 'f45', op: '>=', value: 1 }],
    [
      'minutes',
      'Three views in fifteen minutes',
      { event: 'Product Viewed', withinDays: 1 / 96, count: { atLeast: 3 } },
    ],
    [
      'steady',
      'Comes at even intervals',
      {
        all: [
          { feature: 'f29', op: '<', value: 2 },
          { feature: 'f4', op: '>=', value: 5 },
        ],
      },
    ],
    ['spent', 'Spent this month', { feature: 'f15', op: '>', value: 100 }],
    ['left', 'Left a cart', { feature: 'f43', op: '>=', value: 1 }],
    ['new', 'New this week', { feature: 'f27', op: '<=', value: 7 }],
  ].map(([id, name, rule]) => ({ id: `rule.${id}`, name, words: name, rule }))
  return [...shipped.slice(0, 30 - more.length), ...more]
}
