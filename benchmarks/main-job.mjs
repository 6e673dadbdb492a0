// The whole analysis of one order file beside a vectorised Python script (polars, NumPy, SciPy, scikit-learn, implicit).
//
//     node benchmarks/main-job.mjs [PYTHON] [--runs 5] [--file ORDERS.parquet] [--write]    after a build
//
// Both run stage by stage in processes of their own, in turn, on the same machine. --write puts the table into README.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = fileURLToPath(new URL('.', import.meta.url))
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    file: {
      type: 'string',
      default: join(here, '../../shared/data/public/online_retail_ii_2009/online_retail_II_2009_2010.parquet'),
    },
    write: { type: 'boolean', default: false },
    ours: { type: 'string' },
    inertias: { type: 'string' },
  },
})

if (options.ours) await runOurs(options.file, options.ours, options.inertias)
else compare(positionals[0] ?? 'python3', Number(options.runs))

/** One run of ours in this process, printed as JSON: what the Python script prints too. */
async function runOurs(file, folder, rows) {
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
  const room = (path) => import(new URL(`../packages/server/dist/${path}.js`, import.meta.url))
  const rooms = await stage('start', async () => {
    const paths = ['warehouse/index', 'ingestion/index', 'features/index', 'segments/rfm-segments']
    const more = ['segments/discovered-segments', 'predictions/predict-lapse', 'predictions/lifetime']
    const all = await Promise.all([...paths, ...more, 'recommendations/recommend', 'insights/first-look'].map(room))
    return Object.assign({}, ...all)
  })
  const warehouse = await rooms.openWarehouse(join(folder, 'store'))
  const request = { kind: 'orders', files: [file], preset: 'online-retail-ii' }
  const summary = await stage('import', () => rooms.importFiles(warehouse, request))
  outputs.import = { read: summary.read, quarantined: summary.quarantined, ...(await totalsOf(warehouse)) }
  const asOf = await rooms.lastMoment(warehouse)
  const at = { asOf, seed: 1 }
  await stage('features', () => rooms.computeFeatures(warehouse, { asOf }))
  const read = await rooms.readFeatures(warehouse, 'customer_features')
  outputs.features = Object.fromEntries(read.names.map((name, column) => [name, sumOf(read, column)]))
  const rfm = await stage('RFM', () => rooms.rfmSegments(warehouse, { asOf }))
  outputs.rfm = Object.fromEntries(rfm.segments.map(({ name, customers }) => [name, customers]))
  const groups = await stage('groups', () => rooms.discoveredSegments(warehouse, at))
  outputs.groups = { k: groups.k ?? null, silhouettes: pairs(groups.candidates, 'k', 'silhouette') }
  const lapse = await stage('lapse', () => rooms.predictLapse(warehouse, at))
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
  const lifetime = await stage('lifetime value', () => rooms.predictLifetime(warehouse, at))
  outputs.lifetime = {
    because: lifetime.because,
    customers: lifetime.customers,
    total_value: lifetime.totalValue,
    total_interval: lifetime.totalInterval,
    holdout: lifetime.holdOut,
    ...(await likelihoods(warehouse)),
  }
  const made = await stage('recommendations', () => rooms.recommend(warehouse, at))
  outputs.recommendations = {
    tested: made.customersTested,
    customers: made.customersServed,
    products: made.products,
    denied: made.leftOut.unavailable + made.leftOut.mostlyReturned,
    chosen: made.chosen,
    ndcg: pairs(made.newProducts, 'name', 'ndcg'),
    repeat_ndcg: pairs(made.repeatPurchases, 'name', 'ndcg'),
  }
  if (rows) outputs.inertias = await inertiasOf(rows)
  await warehouse.close()
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

/** Lowest inertia of ten starts for 2 … 8 groups of the rows that the other side has written, seven numbers a row. */
async function inertiasOf(path) {
  const module = (name) => import(new URL(`../packages/${name}/dist/index.js`, import.meta.url))
  const [{ fitKMeans }, { matrix }] = [await module('learn'), await module('numerics')]
  const bytes = readFileSync(path)
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  const data = matrix(values.length / 7, 7, values)
  const inertias = {}
  for (let clusters = 2; clusters <= 8; clusters += 1) {
    inertias[clusters] = (await fitKMeans(data, { clusters, seed: 1 })).inertia
  }
  return inertias
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
  return JSON.parse(readFileSync(join(here, '../node_modules', name, 'package.json'), 'utf8')).version
}

/** Runs both sides in turn and prints medians and what came out. */
function compare(python, runs) {
  const env = { ...process.env }
  // Some images set these for older processors, which slows numpy down.
  delete env.OPENBLAS_CORETYPE
  delete env.OPENBLAS_L2_SIZE
  const inFolder = (run) => {
    const folder = mkdtempSync(join(tmpdir(), 'main-job-'))
    try {
      return JSON.parse(run(folder))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const both = { ours: [], theirs: [] }
  const said = { env, encoding: 'utf8', maxBuffer: 2 ** 26 }
  const kept = mkdtempSync(join(tmpdir(), 'main-job-rows-'))
  for (let run = 0; run < runs; run += 1) {
    const extra = run === 0 ? ['--inertias', join(kept, 'rows.bin')] : []
    const peer = [join(here, 'main-job.py'), options.file]
    both.theirs.push(inFolder((folder) => execFileSync(python, [...peer, folder, ...extra], said)))
    const script = [fileURLToPath(import.meta.url), '--file', options.file]
    both.ours.push(inFolder((folder) => execFileSync(process.execPath, [...script, '--ours', folder, ...extra], said)))
  }
  rmSync(kept, { recursive: true })
  const table = tableOf(both.ours, both.theirs)
  const differences = compareOutputs(both.ours[0].outputs, both.theirs[0].outputs)
  const versions = [both.ours[0].versions, both.theirs[0].versions].map((list) =>
    Object.entries(list)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )
  const text = [table, '', ...differences, '', `Ours: ${versions[0]}. Python: ${versions[1]}.`].join('\n')
  console.log(text)
  if (options.write) writeReadme(text, runs)
}

function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1]
}

function tableOf(ours, theirs) {
  const lines = [
    '| stage | ours s | Python s | times as fast | ours CPU s | Python CPU s | CPU ratio | ours MB | Python MB |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
  ]
  const total = [0, 0, 0, 0]
  const line = (name, [a, b, busyA, busyB], rss) =>
    `| ${[name, a.toFixed(2), b.toFixed(2), (b / a).toFixed(2), busyA.toFixed(2), busyB.toFixed(2), (busyB / busyA).toFixed(2), ...rss].join(' | ')} |`
  for (const { stage } of ours[0].stages) {
    const of = (runs, what) => median(runs.map(({ stages }) => stages.find((one) => one.stage === stage)[what]))
    const numbers = [of(ours, 'seconds'), of(theirs, 'seconds'), of(ours, 'cpu'), of(theirs, 'cpu')]
    numbers.forEach((value, at) => {
      total[at] += value
    })
    lines.push(line(stage, numbers, [of(ours, 'rss').toFixed(0), of(theirs, 'rss').toFixed(0)]))
  }
  const peak = (runs) => median(runs.map(({ stages }) => stages.at(-1).rss)).toFixed(0)
  lines.push(line('**all**', total, [peak(ours), peak(theirs)]))
  return lines.join('\n')
}

/** What must be equal and is not, and what may differ and how much it does. */
function compareOutputs(ours, theirs) {
  const lines = []
  const expect = (name, one, other, tolerance = 0) => {
    const [a, b] = [Number(one), Number(other)]
    const isNear = one !== undefined && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
    if (!isNear) lines.push(`- differs: ${name}: ours ${one}, Python ${other}`)
    return isNear ? 1 : 0
  }
  let equal = 0
  for (const [name, value] of Object.entries(theirs.import)) {
    if (typeof value === 'number') equal += expect(`import ${name}`, ours.import[name], value)
  }
  lines.push(`- import: ${equal} totals equal`)
  const shared = Object.keys(theirs.features).filter((name) => name in ours.features)
  const same = shared.filter((name) => expect(`sum of ${name}`, ours.features[name], theirs.features[name], 1e-9))
  lines.push(`- features: sums of ${same.length} of ${shared.length} shared columns equal to 1e-9`)
  const segments = Object.entries(theirs.rfm).filter(([name, count]) =>
    expect(`RFM ${name}`, ours.rfm[name] ?? 0, count),
  )
  lines.push(`- RFM: sizes of ${segments.length} segments equal`)
  const inertias = Object.entries(theirs.inertias).filter(([k, value]) =>
    expect(`k-means inertia for k = ${k}`, ours.inertias[k], value, 1e-3),
  )
  lines.push(`- k-means: inertias of ${inertias.length} numbers of groups equal to 0.1 %`)
  lines.push(
    `- groups: ours ${ours.groups.k}, Python ${theirs.groups.k} (samples, nulls and resamples are drawn apart)`,
  )
  const names = { recency: 'recency only', logistic: 'logistic regression', boosting: 'gradient boosting' }
  for (const [name, auc] of Object.entries(theirs.lapse.auc)) {
    const own = ours.lapse.auc?.[names[name]]
    expect(`AUC of ${names[name]}`, own, auc, 0.01)
    lines.push(`- lapse, ${names[name]}: AUC ours ${digits(own)}, Python ${digits(auc)}`)
  }
  const { lifetime } = theirs
  expect('MBG/NBD log-likelihood', ours.lifetime.log_likelihood, lifetime.log_likelihood, 1e-6)
  expect('Gamma-Gamma log-likelihood', ours.lifetime.spend_log_likelihood, lifetime.spend_log_likelihood, 1e-6)
  lines.push(
    `- lifetime: log-likelihoods ours ${digits(ours.lifetime.log_likelihood, 3)}, Python ${digits(lifetime.log_likelihood, 3)}`,
  )
  lines.push(
    `- lifetime: total value ours ${digits(ours.lifetime.total_value, 0)}, Python ${digits(lifetime.total_value, 0)}`,
  )
  const lower = { popularity: 'popularity', 'item-item': 'item-item', als: 'ALS' }
  for (const [name, ndcg] of Object.entries(theirs.recommendations.ndcg)) {
    const own = ours.recommendations.ndcg?.[lower[name]]
    lines.push(`- recommendations, ${lower[name]}: NDCG@10 on new products ours ${digits(own)}, Python ${digits(ndcg)}`)
  }
  return lines
}

function digits(value, count = 4) {
  return value === undefined ? 'none' : Number(value).toFixed(count)
}

function writeReadme(text, runs) {
  const path = join(here, 'README.md')
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: here }).trim()
  const [start, end] = ['<!-- main-job: written by --write -->', '<!-- main-job: end -->']
  const readme = readFileSync(path, 'utf8')
  const from = readme.indexOf(start) + start.length
  const note = `Medians of ${runs} runs on ${cpus().length} cores (${cpus()[0].model}), commit ${commit}.`
  const block = `\n\n${note}\n\n${text}\n\n`
  writeFileSync(path, readme.slice(0, from) + block + readme.slice(readme.indexOf(end)))
}
