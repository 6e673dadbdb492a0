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
    checks: { type: 'boolean', default: false },
  },
})

/** One run of ours in this process, printed as JSON: what the Python script prints too. */
async function runOurs(file, folder, checks) {
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
  const { read: records, duplicates, quarantined } = summary
  outputs.import = { read: records, duplicates, quarantined, ...(await totalsOf(warehouse)) }
  const asOf = await rooms.lastMoment(warehouse)
  const at = { asOf, seed: 1 }
  await stage('features', () => rooms.computeFeatures(warehouse, { asOf }))
  const read = await rooms.readFeatures(warehouse, 'customer_features')
  outputs.features = Object.fromEntries(read.names.map((name, column) => [name, sumOf(read, column)]))
  const rfm = await stage('RFM', () => rooms.rfmSegments(warehouse, { asOf }))
  outputs.rfm = Object.fromEntries(rfm.segments.map(({ name, customers }) => [name, customers]))
  const groups = await stage('groups', () => rooms.discoveredSegments(warehouse, at))
  outputs.groups = {
    k: groups.k ?? null,
    because: groups.reason ?? groups.verdict,
    silhouettes: pairs(groups.candidates, 'k', 'silhouette'),
    null_silhouettes: pairs(groups.candidates, 'k', 'nullSilhouette'),
    stability: pairs(groups.candidates, 'k', 'stability'),
  }
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
    ...(await valuesOf(warehouse)),
  }
  const made = await stage('recommendations', () => rooms.recommend(warehouse, at))
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
  const module = (name) => import(new URL(`../packages/${name}/dist/index.js`, import.meta.url))
  const [{ assignKMeans, fitKMeans, silhouette }, { takeRows }] = [await module('learn'), await module('numerics')]
  const { readHabits } = await room('segments/habits')
  const { learnHabits, habitCoordinates, habitReliability } = await room('segments/habit-coordinates')
  const habits = await readHabits(warehouse, asOf)
  const scales = learnHabits(habits)
  const reliability = habitReliability(habits, scales)
  const known = Int32Array.from(reliability.keys()).filter((row) => reliability[row] >= 0.5)
  const data = takeRows(habitCoordinates(habits, scales), known)
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
  for (let run = 0; run < runs; run += 1) {
    const extra = run === 0 ? ['--checks'] : []
    const peer = [join(here, 'main-job.py'), options.file]
    both.theirs.push(inFolder((folder) => execFileSync(python, [...peer, folder, ...extra], said)))
    const script = [fileURLToPath(import.meta.url), '--file', options.file]
    both.ours.push(inFolder((folder) => execFileSync(process.execPath, [...script, '--ours', folder, ...extra], said)))
  }
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

/** Everything that both sides say, stage by stage: what is equal, what is not, and what may differ by chance. */
function compareOutputs(ours, theirs) {
  return [
    ...compareImport(ours, theirs),
    ...compareSegments(ours, theirs),
    ...compareGroups(ours, theirs),
    ...compareLapse(ours.lapse, theirs.lapse),
    ...compareLifetime(ours.lifetime, theirs.lifetime),
    ...compareRecommendations(ours.recommendations, theirs.recommendations),
  ]
}

/**
 * One line on numbers that must be equal to a tolerance, and one more for each that is not.
 *
 * @param numbers [name, ours, Python's]; words must be the same
 */
function expected(title, numbers, tolerance = 0) {
  const isNear = ([, one, other]) =>
    typeof one === 'string' || typeof other === 'string'
      ? one === other
      : one === other || Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other))
  const apart = numbers.filter((one) => !isNear(one))
  const names = numbers.length > 14 ? '' : ` (${numbers.map(([name]) => name).join(', ')})`
  const within = tolerance === 0 ? '' : ` to ${tolerance}`
  return [
    `- ${title}: ${numbers.length - apart.length} of ${numbers.length} equal${within}${names}`,
    ...apart.map(([name, one, other]) => `- **differs**, ${title}, ${name}: ours ${one}, Python ${other}`),
  ]
}

/** One line on numbers that are drawn or found in another way on each side. */
const beside = (title, numbers, count = 4) =>
  `- ${title}, ours and Python: ${numbers.map(([name, one, other]) => `${name} ${digits(one, count)} and ${digits(other, count)}`).join('; ')}`

/** [name, ours, Python's] for every name that Python has. */
const paired = (ours, theirs) => Object.entries(theirs ?? {}).map(([name, other]) => [name, ours?.[name], other])

function compareImport(ours, theirs) {
  const numbers = paired(ours.import, theirs.import).filter(([name]) => name !== 'sha256')
  return [
    ...expected('import', numbers),
    ...expected(
      'features, sums of columns',
      paired(ours.features, theirs.features).filter(([, one]) => one !== undefined),
      1e-9,
    ),
  ]
}

const compareSegments = (ours, theirs) =>
  expected(
    'RFM, customers of segments',
    Object.entries(theirs.rfm).map(([name, count]) => [name, ours.rfm[name] ?? 0, count]),
  )

function compareGroups(ours, theirs) {
  const [one, other] = [ours.checks, theirs.checks]
  return [
    ...expected(
      'groups, coordinates',
      ['rows', 'columns'].map((name) => [name, one[name], other[name]]),
    ),
    ...expected('groups, sum of squares of the coordinates', [['scatter', one.scatter, other.scatter]], 1e-9),
    ...expected('groups, inertias for k = 2 … 8 from the same rows', paired(one.inertias, other.inertias), 1e-6),
    ...expected(
      'groups, silhouettes for k = 2 … 8 from the same rows',
      paired(one.silhouettes, other.silhouettes),
      1e-6,
    ),
    beside(
      'groups, silhouettes as the verdict sees them',
      paired(ours.groups.silhouettes, theirs.groups.silhouettes),
      3,
    ),
    beside('groups, the null’s', paired(ours.groups.null_silhouettes, theirs.groups.null_silhouettes), 3),
    beside('groups, stability', paired(ours.groups.stability, theirs.groups.stability), 2),
    ...expected('groups, verdict', [['k', String(ours.groups.k), String(theirs.groups.k)]]),
    `- groups, in words: ours "${ours.groups.because}"; Python ${theirs.groups.because} (p = ${digits(theirs.groups.p, 3)})`,
  ]
}

const lapseNames = { recency: 'recency only', logistic: 'logistic regression', boosting: 'gradient boosting' }

function compareLapse(ours, theirs) {
  const named = (what) =>
    Object.entries(theirs[what]).map(([key, other]) => [lapseNames[key], ours[what]?.[lapseNames[key]], other])
  const { training, test } = theirs
  return [
    ...expected('lapse, cuts and populations', [
      ...['horizon_days', 'active_days', 'scored'].map((name) => [name, ours[name], theirs[name]]),
      ...['customers', 'lapsed'].map((name, at) => [`training ${name}`, ours.training[at], training[at]]),
      ...['customers', 'lapsed'].map((name, at) => [`test ${name}`, ours.test[at], test[at]]),
      ['chosen', ours.chosen, lapseNames[theirs.chosen]],
    ]),
    ...expected('lapse, AUC on the later cut', named('auc'), 0.01),
    beside('lapse, AUC', named('auc')),
    beside('lapse, log loss', named('log_loss')),
    ...expected(
      'lapse, sum of probabilities',
      [['expected lapses', ours.expected_lapses, theirs.expected_lapses]],
      0.02,
    ),
  ]
}

function compareLifetime(ours, theirs) {
  const [own, other] = [ours.holdout, theirs.holdout]
  const ends = (interval) => [interval.low, interval.high]
  return [
    ...expected(
      'lifetime',
      ['log_likelihood', 'spend_log_likelihood', 'customers', 'total_value', 'alive', 'purchases'].map((name) => [
        name,
        ours[name],
        theirs[name],
      ]),
      1e-5,
    ),
    ...expected(
      'lifetime, hold-out',
      [
        ['customers', own.customers, other.customers],
        ['predicted', own.purchases.predicted, other.predicted],
        ['actual', own.purchases.actual, other.actual],
        ['error', own.purchases.mae, other.mae],
        ['error of the past average', own.purchases.maeBaseline, other.mae_baseline],
        ['error in spend', own.spend.mae, other.spend_mae],
        ['rank correlation', own.rankCorrelation.model, other.rank],
        ['rank correlation of the past average', own.rankCorrelation.baseline, other.rank_baseline],
        ['coverage of 80 % intervals', own.coverage80, other.coverage],
      ],
      1e-3,
    ),
    ...expected(
      'lifetime, 80 % intervals from 400 drawn futures',
      [
        ...ends(ours.total_interval).map((end, at) => [`end ${at} of the total’s`, end, theirs.total_interval[at]]),
        ['sum of lower ends', ours.low, theirs.low],
        ['sum of upper ends', ours.high, theirs.high],
      ],
      0.03,
    ),
  ]
}

const methods = { popularity: 'popularity', 'item-item': 'item-item', als: 'ALS' }

function compareRecommendations(ours, theirs) {
  const named = (what) =>
    Object.entries(theirs[what]).map(([key, other]) => [methods[key] ?? key, ours[what]?.[methods[key] ?? key], other])
  const apart = ([name]) => name === 'ALS'
  const counts = [
    'tested',
    'customers',
    'products',
    'unavailable',
    'mostly_returned',
    'entries',
    'similar',
    'pairs',
    'pairs_orders',
  ]
  return [
    ...expected(
      'recommendations, counts',
      counts.map((name) => [name, ours[name], theirs[name]]),
    ),
    ...expected(
      'recommendations, sums of scores of related products',
      ['similar_score', 'pairs_lift'].map((name) => [name, ours[name], theirs[name]]),
      1e-3,
    ),
    ...expected(
      'recommendations, NDCG@10 on new products',
      named('ndcg').filter((one) => !apart(one)),
      1e-3,
    ),
    ...expected(
      'recommendations, NDCG@10 on repeat purchases',
      named('repeat_ndcg').filter((one) => !apart(one)),
      1e-3,
    ),
    beside('recommendations, ALS (another penalty)', [
      ...named('ndcg')
        .filter(apart)
        .map(([, ...both]) => ['new', ...both]),
      ...named('repeat_ndcg')
        .filter(apart)
        .map(([, ...both]) => ['repeat', ...both]),
    ]),
    `- recommendations, chosen: ours ${ours.chosen}, Python ${methods[theirs.chosen]}; entries of lists with a reason ${ours.explained} and ${theirs.explained}, by popularity ${ours.by_popularity} and ${theirs.by_popularity}`,
  ]
}

function digits(value, count = 4) {
  return value === undefined || value === null ? 'none' : Number(value).toFixed(count)
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

if (options.ours) await runOurs(options.file, options.ours, options.checks)
else compare(positionals[0] ?? 'python3', Number(options.runs))
