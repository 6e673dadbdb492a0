// Groups by every method of `rapport segments discover`, on shops whose types are known and on a real one: what is found,
// how near it comes to the truth, and what it takes. Each run is a process of its own, so that its memory is its own.
//
//   node benchmarks/segments.mjs --make DIR --shop fashion|watches|subscription [--seed 201] [--customers 5000]
//   node benchmarks/segments.mjs --make DIR --shop retail --file online_retail_II_2009_2010.parquet
//   node benchmarks/segments.mjs --in DIR --method kmeans [--json FILE]
//   node benchmarks/segments.mjs --in DIR --teach rule|chance [--json FILE]
//
// --teach labels 500 customers by a rule on what they bought and asks who else meets it, or labels them by chance.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const server = new URL('../packages/server/dist/', import.meta.url)
const built = (file) => import(new URL(file, server).href)
const { adjustedRand } = await import(new URL('../packages/learn/dist/index.js', import.meta.url).href)
const { seededRandom } = await import(new URL('../packages/numerics/dist/index.js', import.meta.url).href)
const { openWarehouse } = await built('warehouse/index.js')
const { applyDefaults } = await built('consent/standings.js')
const { makeDemo } = await built('demo/make-demo.js')
const { readTruth } = await built('demo/truth.js')
const { computeFeatures, currentFeatures, readFeatures } = await built('features/index.js')
const { importFiles } = await built('ingestion/index.js')
const { lastMoment } = await built('insights/index.js')
const { discoverFamily, teachFamily } = await built('segments/index.js')

const { values: given } = parseArgs({
  options: {
    make: { type: 'string' },
    in: { type: 'string' },
    shop: { type: 'string', default: 'fashion' },
    seed: { type: 'string', default: '201' },
    customers: { type: 'string', default: '5000' },
    file: { type: 'string' },
    method: { type: 'string' },
    teach: { type: 'string' },
    json: { type: 'string' },
  },
})

const warehouse = await openWarehouse(given.make ?? given.in)
try {
  const found = given.make ? await make() : given.teach ? await taught() : await discovered()
  if (given.json) writeFileSync(given.json, JSON.stringify(found))
  else console.log(found)
} finally {
  await warehouse.close()
}

async function make() {
  if (given.shop === 'retail') {
    const declared = { basis: 'legitimate-interest', purposes: ['profiling'], declaredAt: 0 }
    await applyDefaults(warehouse, { rule: 'by-region', declared })
    await importFiles(warehouse, { kind: 'orders', files: [given.file], preset: 'online-retail-ii' })
  } else {
    const options = { scenario: given.shop, seed: Number(given.seed), customers: Number(given.customers) }
    await makeDemo(warehouse, options)
  }
  const asOf = await lastMoment(warehouse)
  await computeFeatures(warehouse, { asOf })
  return { asOf }
}

async function weighed(run) {
  const before = performance.now()
  const result = await run()
  const seconds = (performance.now() - before) / 1000
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  return { result, seconds, processorSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }
}

async function discovered() {
  const asOf = await lastMoment(warehouse)
  const { result, ...weight } = await weighed(() =>
    discoverFamily(warehouse, { method: given.method, name: 'benchmark', seed: 1 }, asOf),
  )
  const { groups, customers, none } = result
  const facts = { method: given.method, customers, none, ...weight }
  if (!groups.found) return { ...facts, k: null, because: groups.reason, rand: null }
  return { ...facts, k: groups.k, because: null, stability: groups.stability, rand: await randOf() }
}

/** Of those in a group, how alike groups and true types are; null in a shop of which nobody knows the truth. */
async function randOf() {
  const truth = await readTruth(given.in).catch(() => null)
  if (truth === null) return null
  const types = new Map(truth.customers.map(({ customerId, type }) => [customerId, type]))
  const members = await warehouse.rows(
    "select customer_id as id, segment_id as segment from segment_members where segment_id like 'benchmark.%' order by 1",
  )
  const segments = [...new Set(members.map(({ segment }) => segment))]
  return adjustedRand(
    Int32Array.from(members, ({ segment }) => segments.indexOf(segment)),
    Int32Array.from(members, ({ id }) => types.get(id)),
  )
}

/** Often, and at a discount half of the time: two features together, neither of which says it alone. */
function planted(orders, discounted) {
  return orders >= 3 && discounted >= 0.3
}

async function taught() {
  const asOf = await lastMoment(warehouse)
  const { customerIds, matrix } = await readFeatures(warehouse, currentFeatures, ['orders', 'discounted_share'])
  const meets = customerIds.map((_, row) => planted(matrix.values[2 * row], matrix.values[2 * row + 1]))
  const order = Int32Array.from(customerIds.keys())
  const random = seededRandom(7)
  random.shuffle(order)
  const labelled = [...order.slice(0, 500)]
  const byChance = labelled.map(() => random.uniform() < 0.3)
  const said = labelled.map((row, at) => (given.teach === 'rule' ? meets[row] : byChance[at]))
  const list = { ids: labelled.map((row) => customerIds[row]), labels: said.map((is) => (is ? 'yes' : 'no')) }
  const request = { name: 'taught', from: { kind: 'list', list, shown: 'planted.csv' }, seed: 1 }
  const { result, ...weight } = await weighed(() => teachFamily(warehouse, request, asOf))
  const evidence = { quality: result.taught.quality[0], chosen: result.taught.chosen, ...weight }
  if (!result.taught.found) return { ...evidence, found: false, because: result.taught.reason }
  const rows = await warehouse.rows("select customer_id as id from segment_members where segment_id = 'taught.1'")
  const members = new Set(rows.map(({ id }) => id))
  const others = [...order.slice(500)]
  const [right, added, all] = [
    others.filter((row) => meets[row] && members.has(customerIds[row])).length,
    others.filter((row) => members.has(customerIds[row])).length,
    others.filter((row) => meets[row]).length,
  ]
  return { ...evidence, found: true, added, right, all, precision: right / added, recall: right / all }
}
