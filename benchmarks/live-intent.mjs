// What live intent costs whole: µs of processor an event for the model of purchase intent that a demo shop's own sessions teach,
// with everything that it is told of: its inputs are kept true with each event, and what it says is read after each.
//
//   node benchmarks/live-intent.mjs [--customers 2000] [--events 200000] [--runs 3]
//
// Beside it the same without the model (its inputs are kept and nothing is read), and with the inputs read too.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const server = new URL('../packages/server/dist/', import.meta.url)
const built = (file) => import(new URL(file, server).href)
const { seededRandom } = await import(new URL('../packages/numerics/dist/index.js', import.meta.url).href)
const { openWarehouse } = await built('warehouse/index.js')
const { servedModels } = await built('features/defined/served-models.js')
const { planFeatures } = await built('features/defined/plan-features.js')
const { leavesOf } = await built('features/defined/tree.js')
const { evaluateTree } = await built('features/defined/interpret.js')
const { LiveFeatures } = await built('features/live/live-features.js')
const { purchaseIntent, intentInputs } = await built('features/library/session-features.js')

const { values: given } = parseArgs({
  options: {
    customers: { type: 'string', default: '2000' },
    events: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '3' },
  },
})
const count = Number(given.events)

const folder = await mkdtemp(join(tmpdir(), 'rapport-intent-'))
const rapport = (...words) =>
  execFileSync(process.execPath, [fileURLToPath(new URL('main.js', server)), ...words, '--store', folder])
rapport('demo', '--customers', given.customers)
rapport('features', 'declare')
rapport('predict', 'train', 'purchase-intent')
const warehouse = await openWarehouse(folder)
const models = await servedModels(warehouse)
await warehouse.close()
await rm(folder, { recursive: true })
const { scoring } = models.get('purchase-intent')
console.log(`${intentInputs.length} inputs, ${scoring.terms.length} linear terms, ${scoring.trees.length} trees`)

const plan = planFeatures([purchaseIntent, ...intentInputs], models)
const [intent, ...inputs] = plan.features
console.log(`${plan.leaves.length} leaves, of which the intent rests on ${new Set(leavesOf(intent.tree)).size}`)

const minute = 60_000
const start = Date.UTC(2026, 0, 1)

/** Visits of 1 to 12 events, a minute between two, by shoppers of whom a fifth do half; in order of their moments. */
function makeFacts() {
  const random = seededRandom(7)
  const pick = (n) => random.integer(n)
  const facts = []
  for (let visit = 0; facts.length < count; visit += 1) {
    const who = random.uniform() < 0.5 ? pick(4000) : pick(20_000)
    for (let step = 1 + pick(12), at = start + visit * 2 * minute; step > 0; step -= 1, at += minute) {
      const chance = random.uniform()
      const name =
        chance < 0.7 ? 'Product Viewed' : chance < 0.9 ? 'Page' : chance < 0.98 ? 'Product Added' : 'Order Completed'
      facts.push({
        ...{ kind: 'event', at, receivedAt: at, customerId: `customer-${who}`, name },
        call: name === 'Page' ? 'page' : 'track',
        fields: {
          ...{ product_id: `product-${pick(2000)}`, category: `Category ${pick(40)}`, price: pick(200) * 1_000_000 },
          ...{ session_id: `visit-${visit}`, source: 'web' },
        },
      })
    }
  }
  facts.length = count
  facts.sort((left, right) => left.at - right.at)
  // Like keys of the log, which are hashes.
  return facts.map((fact, index) => ({ ...fact, key: (BigInt(pick(2 ** 30)) << 64n) + BigInt(index) }))
}

const facts = makeFacts()
const reads = {
  'inputs kept, nothing read': [],
  'and the intent read': [intent],
  'and the inputs read too': [intent, ...inputs],
}
const times = Object.fromEntries(Object.keys(reads).map((name) => [name, []]))
for (let run = 0; run < Number(given.runs); run += 1)
  for (const [name, features] of Object.entries(reads)) {
    const live = new LiveFeatures(plan, 'Europe/Berlin', {})
    let said = 0
    const began = process.cpuUsage()
    for (const [position, fact] of facts.entries()) {
      live.take({ facts: [fact], position }, fact.at)
      const key = [fact.customerId]
      const known = new Map()
      const leafValue = (leaf) => {
        if (!known.has(leaf)) known.set(leaf, live.leafValue(key, leaf, fact.at))
        return known.get(leaf)
      }
      for (const { tree } of features) if (evaluateTree(tree, leafValue) !== null) said += 1
    }
    const { user, system } = process.cpuUsage(began)
    times[name].push({ us: (user + system) / count, said })
  }
for (const [name, all] of Object.entries(times)) {
  const sorted = all.map(({ us }) => us).sort((left, right) => left - right)
  console.log(
    `${name}: ${sorted[sorted.length >> 1].toFixed(1)} µs of processor an event (${sorted[0].toFixed(1)} to ` +
      `${sorted.at(-1).toFixed(1)}), ${all[0].said} values`,
  )
}
