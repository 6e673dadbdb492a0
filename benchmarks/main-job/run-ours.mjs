import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One run of ours in this process, printed as JSON: what the Python script prints too.
 *
 * @param beside whether recommendations run beside groups and predictions, as `analyze` runs them, and not after them: then
 * these are one stage, as seconds of either would hold those of the others
 */
export async function runOurs(file, folder, { checks, beside }) {
  const stages = []
  const stage = async (name, run) => {
    const [started, before] = [performance.now(), process.cpuUsage()]
    const result = await run()
    const busy = process.cpuUsage(before)
    stages.push({
      stage: name,
      seconds: (performance.now() - started) / 1000,
      cpu: (busy.user + busy.system) / 1e6,
      rss: process.resourceUsage().maxRSS / 1024,
    })
    return result
  }
  const outputs = {}
  const room = (path) => import(new URL(`../../packages/server/dist/${path}.js`, import.meta.url))
  const { warehouse, ...rooms } = await stage('start', async () => {
    const paths = ['warehouse/index', 'ingestion/index', 'features/index', 'segments/rfm-segments', 'consent/standings']
    const more = ['segments/discovered-segments', 'predictions/predict-lapse', 'predictions/lifetime']
    const all = await Promise.all([...paths, ...more, 'recommendations/recommend', 'insights/first-look'].map(room))
    const made = Object.assign({}, ...all)
    const warehouse = await made.openWarehouse(join(folder, 'store'))
    // As `rapport consent basis legitimate-interest` does: without a basis nobody of this shop may be profiled.
    const declared = { basis: 'legitimate-interest', purposes: ['profiling'], declaredAt: 0 }
    await made.applyDefaults(warehouse, { rule: 'by-region', declared })
    return { ...made, warehouse }
  })
  const request = { kind: 'orders', files: [file], preset: 'online-retail-ii' }
  const summary = await stage('import', () => rooms.importFiles(warehouse, request))
  const { read: records, duplicates, quarantined } = summary
  outputs.import = { read: records, duplicates, quarantined, ...(await totalsOf(warehouse)) }
  const asOf = await rooms.lastMoment(warehouse)
  const at = { asOf, seed: 1 }
  await stage('features', () => rooms.computeFeatures(warehouse, { asOf }))
  const read = await rooms.readFeatures(warehouse, 'customer_features')
  outputs.features = Object.fromEntries(read.names.map((name, column) => [name, sumOf(read, column)]))
  const rfm = await stage('RFM', () => rooms.rfmSegments(warehouse, { asOf }))
  outputs.rfm = Object.fromEntries(rfm.segments.map(({ name, customers }) => [name, customers]))
  const each = beside ? (_, run) => run() : stage
  const rest = async () => {
    const recommended = () => each('recommendations', () => rooms.recommend(warehouse, at))
    const meanwhile = beside ? recommended() : undefined
    const groups = await each('groups', () => rooms.discoveredSegments(warehouse, at))
    const lapse = await each('lapse', () => rooms.predictLapse(warehouse, at))
    const lifetime = await each('lifetime value', () => rooms.predictLifetime(warehouse, at))
    return { groups, lapse, lifetime, made: await (meanwhile ?? recommended()) }
  }
  const { groups, lapse, lifetime, made } = await (beside ? stage('groups to recommendations', rest) : rest())
  outputs.groups = {
    k: groups.k ?? null,
    because: groups.reason ?? groups.verdict,
    silhouettes: pairs(groups.candidates, 'k', 'silhouette'),
    null_silhouettes: pairs(groups.candidates, 'k', 'nullSilhouette'),
    stability: pairs(groups.candidates, 'k', 'stability'),
  }
  outputs.lapse = {
    horizon_days: lapse.horizonDays,
    active_days: lapse.activeDays,
    training: [lapse.trainingCustomers, Math.round(lapse.trainingCustomers * lapse.lapsedShareTraining)],
    test: [lapse.testCustomers, Math.round(lapse.testCustomers * lapse.lapsedShareTest)],
    auc: pairs(lapse.candidates, 'name', 'rocAuc'),
    log_loss: pairs(lapse.candidates, 'name', 'logLoss'),
    chosen: lapse.chosen,
    scored: lapse.scored,
    expected_lapses: lapse.expectedLapses,
  }
  outputs.lifetime = {
    because: lifetime.because,
    customers: lifetime.customers,
    total_value: lifetime.totalValue,
    total_interval: lifetime.totalInterval,
    holdout: lifetime.holdOut,
    ...(await likelihoods(warehouse)),
    ...(await valuesOf(warehouse)),
  }
  outputs.recommendations = {
    tested: made.customersTested,
    customers: made.customersServed,
    products: made.products,
    unavailable: made.leftOut.unavailable,
    mostly_returned: made.leftOut.mostlyReturned,
    ...(await listsOf(warehouse)),
    chosen: made.chosen,
    ndcg: pairs(made.newProducts, 'name', 'ndcg'),
    repeat_ndcg: pairs(made.repeatPurchases, 'name', 'ndcg'),
  }
  if (checks) outputs.checks = await clusterings(warehouse, asOf, room)
  await stage('closing', () => warehouse.close())
  // What a store does when it is closed was left over by the stages: it counts with the last of them.
  const closing = stages.pop()
  for (const what of ['seconds', 'cpu']) stages.at(-1)[what] += closing[what]
  const versions = { node: process.versions.node, '@duckdb/node-api': versionOf('@duckdb/node-api') }
  console.log(JSON.stringify({ stages, outputs, versions }))
}

async function totalsOf(warehouse) {
  const [totals] = await warehouse.rows(`select
    count(*) filter (kind = 'sale') as sales, count(*) filter (kind = 'cancellation') as cancelled_lines,
    count(*) filter (kind = 'adjustment') as adjustments, count(*) filter (ordinal > 0) as repeated,
    count(*) filter (customer_id is null) as without_customer, count(distinct customer_id) as customers,
    count(distinct order_id) as orders, sum(quantity)::bigint as quantity, sum(amount_micros)::bigint as amount_micros,
    (select count(*) from non_products) as non_products
    from order_lines`)
  return totals
}

async function likelihoods(warehouse) {
  const [model] = await warehouse.rows("select fitted from models where purpose = 'lifetime'")
  if (!model) return {}
  const { model: purchases, spend } = JSON.parse(model.fitted)
  return { log_likelihood: purchases.logLikelihood, spend_log_likelihood: spend.logLikelihood }
}

async function valuesOf(warehouse) {
  const [sums] = await warehouse.rows(`select sum(value) filter (score = 'probability_alive') as alive,
    sum(value) filter (score = 'expected_purchases') as purchases, sum(low) filter (not isnan(low)) as low,
    sum(high) filter (not isnan(high)) as high from scores where score <> 'lapse_probability'`)
  return sums
}

async function listsOf(warehouse) {
  const [lists] = await warehouse.rows(`select count(*) as entries, count(because_product_id) as explained,
    count(*) filter (models.kind = 'popularity') as by_popularity from recommendations join models using (model_id)`)
  const [similar] = await warehouse.rows(`select count(*) as similar, sum(score) as similar_score
    from related_products where relation = 'similar'`)
  const [related] = await warehouse.rows(`select count(*) as pairs, sum(together)::bigint as pairs_orders,
    sum(score) as pairs_lift from related_products where relation = 'bought-together'`)
  return { ...lists, ...similar, ...related }
}

/** Lloyd's rounds to their end on the coordinates that groups are looked for in, from the same rows on both sides. */
async function clusterings(warehouse, asOf, room) {
  const module = (name) => import(new URL(`../../packages/${name}/dist/index.js`, import.meta.url))
  const [{ assignKMeans, fitKMeans, silhouette }, { takeRows }] = [await module('learn'), await module('numerics')]
  const { readHabits } = await room('segments/habits')
  const { learnHabits, habitCoordinates, habitReliability } = await room('segments/habit-coordinates')
  const habits = await readHabits(warehouse, asOf)
  const scales = await learnHabits(habits)
  const reliability = await habitReliability(habits, scales)
  const known = Int32Array.from(reliability.keys()).filter((row) => reliability[row] >= 0.5)
  const data = takeRows(await habitCoordinates(habits, scales), known)
  const one = await fitKMeans(data, { clusters: 1, seed: 1 })
  const found = { rows: data.rows, columns: data.columns, scatter: one.inertia, inertias: {}, silhouettes: {} }
  for (let clusters = 2; clusters <= 8; clusters += 1) {
    const rows = Int32Array.from({ length: clusters }, (_, at) => Math.floor((at * data.rows) / clusters))
    const model = await fitKMeans(data, { clusters, seed: 1, initial: takeRows(data, rows), tolerance: 0 })
    const { labels } = await assignKMeans(model, data)
    found.inertias[clusters] = model.inertia
    found.silhouettes[clusters] = (await silhouette(data, labels)).mean
  }
  return found
}

function sumOf({ matrix: { rows, columns, values } }, column) {
  let sum = 0
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * columns + column]
    if (!Number.isNaN(value)) sum += value
  }
  return sum
}

function pairs(list, key, value) {
  return Object.fromEntries((list ?? []).map((one) => [one[key], one[value]]))
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../node_modules', name, 'package.json'), 'utf8')).version
}
