// Fifty declared features of customers, of the kinds that training sets of shops are made of.

const names = ['Home', 'Product Viewed', 'Product Added', 'Order Completed', 'Email Opened']
const short = (name) => name.toLowerCase().replaceAll(' ', '_')
const days = (count) => ({ last: { count, unit: 'day' } })
const windows = { today: days(1), '7d': days(7), '30d': days(30), '90d': days(90), ever: undefined }
const of = (aggregate, name, window, more = {}) => ({
  ...{ aggregate, from: { events: name } },
  ...(windows[window] ? { window: windows[window] } : {}),
  ...more,
})

const values = {}
for (const name of names) {
  for (const window of ['7d', '30d', '90d', 'ever']) values[`n_${short(name)}_${window}`] = of('count', name, window)
  values[`since_${short(name)}`] = of('time-since-last', name, 'ever')
}
for (const name of ['Product Added', 'Order Completed']) {
  for (const window of ['7d', '30d', '90d', 'ever'])
    values[`sum_${short(name)}_${window}`] = of('sum', name, window, { of: 'price' })
  for (const window of ['30d', '90d'])
    values[`mean_${short(name)}_${window}`] = of('average', name, window, { of: 'price' })
}
for (const name of ['Product Viewed', 'Order Completed'])
  for (const window of ['30d', '90d'])
    values[`products_${short(name)}_${window}`] = of('distinct', name, window, { of: 'product_id' })
values.since_first_order = of('time-since-first', 'Order Completed', 'ever')
values.least_order = of('min', 'Order Completed', 'ever', { of: 'price' })
values.largest_order = of('max', 'Order Completed', 'ever', { of: 'price' })
values.last_product = of('last', 'Product Viewed', 'ever', { of: 'product_id' })
values.first_source = of('first', 'Home', 'ever', { of: 'source' })
values.views_trend = { trend: of('count', 'Product Viewed', '30d') }
values.spend_trend = { trend: of('sum', 'Order Completed', '30d', { of: 'price' }) }
values.views_bought = { ratio: { of: of('count', 'Order Completed', '90d'), by: of('count', 'Product Viewed', '90d') } }
values.kept_in_cart = {
  difference: { of: of('count', 'Product Added', '7d'), minus: of('count', 'Order Completed', '7d') },
}

export const definitions = Object.entries(values).map(([name, value]) => ({ name, label: name, value }))
