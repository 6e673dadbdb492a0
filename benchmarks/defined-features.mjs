// A training set: fifty declared features of (customer, moment) pairs, each as of its own moment, beside polars and pandas.
//
//   node benchmarks/defined-features.mjs [PYTHON] [--events 2000000] [--pairs 100000] [--customers 20000] [--runs 3] [--pandas] [--json]
//
// Both sides read the same events, ours from its store and polars from a Parquet file, in processes of their own and in
// turn. Times are of computing and keeping the table, processor time with all threads; then every value is compared.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { definitions } from './defined-features/definitions.mjs'

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '2000000' },
    pairs: { type: 'string', default: '100000' },
    customers: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '3' },
    folder: { type: 'string' },
    make: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
    pandas: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const built = (file) => import(new URL(`../packages/server/dist/${file}.js`, import.meta.url).href)
const start = Date.UTC(2024, 0, 1)
const dayMs = 86_400_000

/** A year of a shop's events in the order in which they came, some of them late, and moments of its last ten months. */
async function makeData(folder, { events, pairs, customers }) {
  const { FileReader } = await built('warehouse/index')
  const reader = await FileReader.open(join(folder, 'spill'))
  const share = (salt) => `(hash(i * 16 + ${salt}) % 1000003) / 1000003.0::double`
  await reader.run(`copy (
    select i as key, 'c' || floor(${customers} * pow(${share(1)}, 1.5))::bigint as customer_id,
      case when kind < 0.5 then 'Product Viewed' when kind < 0.7 then 'Home' when kind < 0.85 then 'Email Opened'
        when kind < 0.95 then 'Product Added' else 'Order Completed' end as name,
      occurred_at, occurred_at + case when ${share(2)} < 0.05 then floor(${dayMs} * ${share(3)})::bigint else 0 end as received_at,
      'p' || floor(2000 * pow(${share(4)}, 2))::bigint as product_id,
      1000 * floor(200000 * ${share(5)})::bigint as price,
      ['email', 'organic', 'paid-social', 'direct'][1 + (hash(i * 16 + 6) % 4)::integer] as source
    from (select i, ${share(7)} as kind, ${start} + floor(i * ${366 * dayMs} / ${events})::bigint as occurred_at from range(${events}) as t(i))
  ) to '${folder}/events.parquet'`)
  await reader.run(`copy (
    select 'c' || floor(${customers} * ${share(8)})::bigint as customer_id,
      ${start + 60 * dayMs} + floor(${share(9)} * ${306 * dayMs})::bigint as as_of
    from range(${pairs}) as t(i)) to '${folder}/moments.parquet'`)
  reader.close()
}

/** Puts the events into a store. */
async function makeStore(folder) {
  const { openWarehouse, FileReader } = await built('warehouse/index')
  const { applyDefaults } = await built('consent/standings')
  const warehouse = await openWarehouse(join(folder, 'store'))
  const reader = await FileReader.open(join(folder, 'spill'))
  const declared = { basis: 'legitimate-interest', purposes: ['profiling'], declaredAt: 0 }
  await applyDefaults(warehouse, { rule: 'by-region', declared })
  await warehouse.run(`insert into store_settings values ('currency', 'EUR'), ('timezone', 'UTC')`)
  const rows = await warehouse.handOver(reader, `select * from '${folder}/events.parquet'`)
  reader.close()
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, product_id, price_micros,
      currency, source)
    select key::uhugeint, 1, customer_id, 'track', name, make_timestamptz(occurred_at * 1000),
      make_timestamptz(received_at * 1000), product_id, price, 'EUR', source
    from ${rows.sql}`)
  rows.drop()
  await warehouse.checkpoint()
  await warehouse.close()
}

/** Computes the table once. @returns what it took */
async function runOurs(folder) {
  const { openWarehouse, FileReader } = await built('warehouse/index')
  const { planFeatures } = await built('features/defined/plan-features')
  const { computeDefinedInto } = await built('features/point-in-time/compute-defined')
  const { featureDefinition } = await import(new URL('../packages/protocol/dist/index.js', import.meta.url).href)
  const warehouse = await openWarehouse(join(folder, 'store'))
  const reader = await FileReader.open(join(folder, 'spill'))
  const moments = await reader.columns(`select customer_id, as_of from '${folder}/moments.parquet'`)
  reader.close()
  await warehouse.stage('wanted', { customer_id: moments.keys('customer_id'), as_of: moments.numbers('as_of') })
  await warehouse.run('drop table if exists training')
  const plan = planFeatures(definitions.map((definition) => featureDefinition.parse(definition)))
  const started = performance.now()
  const usage = process.cpuUsage()
  await computeDefinedInto(warehouse, 'training', plan, { listed: 'wanted' })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(usage)
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  await warehouse.close()
  return { seconds, megabytes, processor: (user + system) / 1e6 }
}

/** How many values of the two tables differ, exactly or by more than the last digits of a double. */
async function differences(folder, peer) {
  const { FileReader } = await built('warehouse/index')
  const reader = await FileReader.open(join(folder, 'spill'))
  await reader.run(`attach '${folder}/store/warehouse.duckdb' as store (read_only)`)
  const differs = definitions.map(({ name }) => {
    const [ours, theirs] = [`ours."${name}"`, `theirs."${name}"`]
    return name === 'last_product' || name === 'first_source'
      ? `count(*) filter (${ours} is distinct from ${theirs})`
      : `count(*) filter ((${ours} is null) <> (${theirs} is null) or abs(${ours} - ${theirs}) > 1e-9 * greatest(1, abs(${ours})))`
  })
  // Pairs may come twice: theirs are told apart by nothing but what they hold.
  const [found] = await reader.rows(`select count(*) as n, ${differs.map((sql, at) => `${sql} as d${at}`).join(', ')}
    from store.training as ours
    join (select distinct * from '${folder}/${peer}.parquet') as theirs
      on ours.customer_id = theirs.customer_id and epoch_ms(ours.as_of) = theirs.as_of`)
  reader.close()
  const wrong = definitions.flatMap(({ name }, at) => (found[`d${at}`] > 0 ? `${name} ${found[`d${at}`]}` : []))
  return { rows: found.n, wrong }
}

function median(runs, figure) {
  return runs.map((run) => run[figure]).sort((a, b) => a - b)[Math.floor(runs.length / 2)]
}

function print({ pairs, features, events, cores, sides }) {
  console.log(`${pairs} pairs × ${features} features, ${events} events, ${cores} cores`)
  for (const { name, version, seconds, median, processor, megabytes } of sides)
    console.log(
      `${`${name} ${version}`.padEnd(16)} ${median.toFixed(2)} s (${seconds.map((one) => one.toFixed(2)).join(', ')}), processor ${processor.toFixed(2)} s, ${megabytes} MB`,
    )
  for (const { name, compared } of sides)
    if (compared)
      console.log(
        `${name}: ${compared.rows} rows compared, ${compared.wrong.length === 0 ? 'all values equal' : `differing: ${compared.wrong.join(', ')}`}`,
      )
}

if (given.make) await makeStore(given.folder)
else if (given.ours) console.log(JSON.stringify(await runOurs(given.folder)))
else {
  const size = Object.fromEntries(['events', 'pairs', 'customers'].map((name) => [name, Number(given[name])]))
  const folder = given.folder ?? mkdtempSync(join(tmpdir(), 'defined-features-'))
  try {
    const self = fileURLToPath(import.meta.url)
    const run = (program, ...words) => execFileSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    mkdirSync(folder, { recursive: true })
    if (!existsSync(join(folder, 'store'))) {
      await makeData(folder, size)
      run(process.execPath, self, '--make', '--folder', folder)
    }
    writeFileSync(join(folder, 'definitions.json'), JSON.stringify(definitions))
    const script = fileURLToPath(new URL('defined-features.py', import.meta.url))
    const beside = fileURLToPath(new URL('defined-features/pandas_side.py', import.meta.url))
    const python = positionals[0] ?? 'python3'
    const sides = [
      { name: 'rapport', measure: () => run(process.execPath, self, '--ours', '--folder', folder) },
      { name: 'polars', table: 'theirs', measure: () => run(python, script, folder) },
      ...(given.pandas ? [{ name: 'pandas', table: 'pandas', measure: () => run(python, beside, folder) }] : []),
    ].map((side) => ({ ...side, runs: [] }))
    for (let at = 0; at < Number(given.runs); at += 1)
      for (const { runs, measure } of sides) runs.push(JSON.parse(measure()))
    const figures = { ...size, features: definitions.length, cores: availableParallelism(), sides: [] }
    for (const { name, table, runs } of sides)
      figures.sides.push({
        ...{ name, version: runs[0].version ?? '', seconds: runs.map(({ seconds }) => seconds) },
        ...{ median: median(runs, 'seconds'), processor: median(runs, 'processor') },
        megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
        ...(table === undefined ? {} : { compared: await differences(folder, table) }),
      })
    if (given.json) console.log(JSON.stringify(figures))
    else print(figures)
    if (figures.sides.some(({ compared }) => compared?.wrong.length > 0)) process.exitCode = 1
  } finally {
    if (given.folder === undefined) rmSync(folder, { recursive: true })
  }
}
