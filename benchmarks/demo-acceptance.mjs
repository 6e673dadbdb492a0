// The demo shop as an exam: discovered segments and lifetime values against the truth, beside an oracle that knows the
// shop's parameters; and with every effect off, what is claimed in spite of it.
//
//   node benchmarks/demo-acceptance.mjs [--scenarios fashion,watches,subscription] [--seeds 101-110] [--effects on,off]
//                                       [--customers 5000] [--json FILE]
//   node benchmarks/demo-acceptance.mjs --claims --customers 2000 --seeds 1-10 [--scenarios …] [--json FILE]
//
// With --claims the whole analysis runs on shops without effects, and every kind of claim it makes is counted.
// Seeds 101 to 110 are kept for acceptance, 201 to 210 for the claims; whoever changes an analysis looks at seeds 1 to 10.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const server = new URL('../packages/server/dist/', import.meta.url)
const built = (file) => import(new URL(file, server).href)
const { adjustedRand, spearman } = await import(new URL('../packages/learn/dist/index.js', import.meta.url).href)
const { openWarehouse } = await built('warehouse/index.js')
const { makeDemo } = await built('demo/make-demo.js')
const { oracleValues } = await built('demo/oracle.js')
const { readTruth } = await built('demo/truth.js')
const { computeFeatures } = await built('features/index.js')
const { discoveredSegments } = await built('segments/discovered-segments.js')
const { analyze } = await built('insights/index.js')
const { predictLifetime } = await built('predictions/lifetime.js')

const { values: given } = parseArgs({
  options: {
    scenarios: { type: 'string', default: 'fashion,watches,subscription' },
    seeds: { type: 'string', default: '101-110' },
    effects: { type: 'string', default: 'on,off' },
    customers: { type: 'string', default: '5000' },
    claims: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const seeds = given.seeds.split(',').flatMap((part) => {
  const [first, last = first] = part.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
})

/** Position of each label among the distinct ones; customers without one are a group of their own. */
const numbered = (labels) => {
  const distinct = [...new Set(labels)]
  return Int32Array.from(labels, (label) => distinct.indexOf(label))
}

async function examined(scenario, seed, effects) {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-acceptance-'))
  const warehouse = await openWarehouse(folder)
  try {
    await makeDemo(warehouse, { scenario, seed, effects, customers: Number(given.customers) })
    const { truth, customers } = await readTruth(folder)
    const asOf = truth.until
    await computeFeatures(warehouse, { asOf })
    const discovered = await discoveredSegments(warehouse, { asOf, seed: 1 })
    const lifetime = await predictLifetime(warehouse, { asOf, seed: 1 })
    const oracle = await oracleValues(warehouse, truth, lifetime.found ? lifetime.horizonDays : 365)
    const byId = new Map(customers.map((customer) => [customer.customerId, customer]))
    const types = Int32Array.from(oracle.customerIds, (id) => byId.get(id).type)
    const worth = Float64Array.from(oracle.customerIds, (id) => byId.get(id).value365)
    const members = await warehouse.rows(
      "select customer_id as id, segment_id as segment from segment_members where segment_id like 'discovered.%'",
    )
    const segmentOf = new Map(members.map(({ id, segment }) => [id, segment]))
    const scores = await warehouse.rows("select customer_id as id, value from scores where score = 'lifetime_value'")
    const valued = new Map(scores.map(({ id, value }) => [id, value]))
    const ranked = (values) => spearman(values, worth).value
    const ours = discovered.found ? adjustedRand(numbered(oracle.customerIds.map((id) => segmentOf.get(id))), types) : 0
    const rank = ranked(Float64Array.from(oracle.customerIds, (id) => valued.get(id) ?? 0))
    return {
      scenario,
      effects,
      seed,
      buyers: types.length,
      k: discovered.found ? discovered.k : null,
      types: truth.types.length,
      because: discovered.found ? null : discovered.reason,
      rand: ours,
      oracleRand: adjustedRand(oracle.types, types),
      rank,
      oracleRank: ranked(oracle.value),
    }
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true })
  }
}

// In a shop without effects nobody has hours, tastes or an age that matter: no model may say that they do.
const idle =
  /^(category_share_|(mon|tues|wednes|thurs|fri|satur|sun)day_share|(weekend|morning|afternoon|evening|night)_share|age$|income$|gender$|region$|country$|education$)/
const published = ({ lapse }) => lapse.candidates.find(({ name }) => name === lapse.chosen)
const recencyOnly = ({ lapse }) => lapse.candidates.find(({ name }) => name === 'recency only')

/** What an analysis may say of a shop, the share of shops without effects in which it says it may be wrong, and whether it did. */
const claims = [
  ['groups', 0.05, ({ segments }) => segments.discovered.found],
  ['pairs', 0.01, ({ recommendations }) => (recommendations.boughtTogether ?? []).length > 0],
  ['hours', 0.05, ({ firstLook }) => firstLook.timing.weekday !== null || firstLook.timing.from !== null],
  ['plan-times', 0.05, ({ plan }) => plan.some(({ timing }) => timing !== null)],
  ['plan-returns', 0.05, ({ plan }) => plan.some(({ goal }) => goal.id === 'fewer-returns')],
  ['plan-discounts', 0.05, ({ plan }) => plan.some(({ cautions }) => cautions.some((one) => one.includes('% off on')))],
  ['email-revenue', 0, ({ firstLook }) => firstLook.bySource.some(({ value }) => value === 'email')],
  ['recommender', 0.05, ({ recommendations }) => recommendations.found && recommendations.chosen !== 'popularity'],
  // Rates do differ between customers, so that a model may know more than recency: it must then do so on the hold-out.
  [
    'lapse-model',
    0.05,
    ({ predictions }) => predictions.lapse.found && published(predictions).rocAuc < recencyOnly(predictions).rocAuc,
  ],
  [
    'lapse-drivers',
    0.05,
    ({ predictions }) => (predictions.lapse.drivers ?? []).some(({ feature }) => idle.test(feature)),
  ],
  ['gaps', 0.05, ({ quality }) => quality.findings.some(({ id }) => id === 'gaps')],
]

async function claimed(scenario, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-acceptance-'))
  const warehouse = await openWarehouse(folder)
  try {
    await makeDemo(warehouse, { scenario, seed, effects: 'off', customers: Number(given.customers) })
    const analysis = await analyze(warehouse, { seed: 1 })
    return claims.flatMap(([name, , isMade]) => (isMade(analysis) ? [name] : []))
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true })
  }
}

async function countClaims() {
  const shops = []
  for (const scenario of given.scenarios.split(',')) {
    for (const seed of seeds) {
      const made = await claimed(scenario, seed)
      shops.push({ scenario, seed, claims: made })
      console.log(`${scenario} ${seed}, effects off: ${made.join(', ') || 'nothing'} claimed`)
    }
  }
  for (const [name, rate] of claims) {
    const wrong = shops.filter((shop) => shop.claims.includes(name)).length
    console.log(`${name}: claimed in ${wrong} of ${shops.length} shops, ${100 * rate} % may be`)
  }
  return shops
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const three = (value) => value.toFixed(3)
const all = []
for (const scenario of given.claims ? [] : given.scenarios.split(',')) {
  for (const effects of given.effects.split(',')) {
    const rows = []
    for (const seed of seeds) {
      const row = await examined(scenario, seed, effects)
      rows.push(row)
      console.log(
        effects === 'on'
          ? `${scenario} ${seed}: ${row.k ?? 'no'} groups (${row.types} types), Rand ${three(row.rand)} oracle ${three(row.oracleRand)} ratio ${three(row.rand / row.oracleRand)}; value rank ${three(row.rank)} oracle ${three(row.oracleRank)} ratio ${three(row.rank / row.oracleRank)}${row.because ? ` (${row.because})` : ''}`
          : `${scenario} ${seed}, effects off: ${row.k ?? 'no'} groups; value rank ${three(row.rank)} oracle ${three(row.oracleRank)} ratio ${three(row.rank / row.oracleRank)}`,
      )
    }
    all.push(...rows)
    if (effects === 'on') {
      const rand = mean(rows.map((row) => row.rand)) / mean(rows.map((row) => row.oracleRand))
      const least = Math.min(...rows.map((row) => row.rand / row.oracleRand))
      const rank = mean(rows.map((row) => row.rank)) / mean(rows.map((row) => row.oracleRank))
      const leastRank = Math.min(...rows.map((row) => row.rank / row.oracleRank))
      const most = Math.max(...rows.map((row) => row.oracleRand))
      console.log(
        `${scenario}, ${rows.length} seeds: segments ${three(rand)} of the oracle (least ${three(least)}; oracle at most ${three(most)}), values ${three(rank)} (least ${three(leastRank)})`,
      )
    } else {
      const claimed = rows.filter((row) => row.k !== null).length
      console.log(`${scenario}, effects off: groups claimed in ${claimed} of ${rows.length} shops`)
    }
  }
}
if (given.claims) all.push(...(await countClaims()))
if (given.json) writeFileSync(given.json, JSON.stringify(all, null, 2))
