// Implicit ALS and item-item cosine beside the Python package implicit, on the same made-up interactions.
//
//     node benchmarks/recommenders.mjs [python with implicit]    after a build
//
// 1,000,000 interactions, 50,000 users × 5,000 items with 20 tastes; one item of each user is held out. ALS: 5 rounds,
// 64 factors, constant penalty, confidence 3; item-item: 20 neighbours. Median of three, fits alone, copies included.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fitAls, fitItemItem, rankingQuality, recommendAls, recommendItemItem } from '../packages/learn/dist/index.js'
import { seededRandom, sparseFromTriplets } from '../packages/numerics/dist/index.js'

const [users, items, tastes, perUser, threads] = [50_000, 5_000, 20, 21, 2]
const judged = Int32Array.from({ length: 2_000 }, (_, at) => at * 25)
const { history, heldOut } = makeInteractions()

const als = await timed(() =>
  fitAls(history, {
    factors: 64,
    rounds: 5,
    confidence: 2,
    regularization: 1,
    penalty: 'constant',
    seed: 1,
    workers: threads,
  }),
)
const cosine = await timed(() => fitItemItem(history, { neighbours: 20 }))
const quality = (lists) => rankingQuality(lists, heldOut).ndcg.mean
const ours = {
  als_s: als.seconds,
  als_ndcg: quality(await recommendAls(als.result, history, { users: judged })),
  cosine_s: cosine.seconds,
  cosine_ndcg: quality(await recommendItemItem(cosine.result, history, { users: judged })),
}
console.log(JSON.stringify({ program: 'rapport', interactions: history.values.length, ...ours }))

const python = process.argv[2]
if (python) {
  const folder = mkdtempSync(join(tmpdir(), 'recommenders-'))
  try {
    for (const [name, { rowStarts, columnIndices }] of Object.entries({ history, heldOut })) {
      writeFileSync(join(folder, `${name}-starts.bin`), rowStarts)
      writeFileSync(join(folder, `${name}-items.bin`), columnIndices)
    }
    const script = fileURLToPath(new URL('recommenders.py', import.meta.url))
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' }
    // Some images set these for older processors, which slows numpy down.
    delete env.OPENBLAS_CORETYPE
    delete env.OPENBLAS_L2_SIZE
    const output = execFileSync(python, [script, folder, String(items), String(threads)], { env, encoding: 'utf8' })
    const theirs = JSON.parse(output)
    console.log(output.trim())
    console.log(`ALS: ours takes ${(ours.als_s / theirs.als_s).toFixed(2)} × implicit's time`)
    console.log(`item-item: ours takes ${(ours.cosine_s / theirs.cosine_s).toFixed(2)} × implicit's time`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function timed(run) {
  const seconds = []
  let result
  for (let repeat = 0; repeat < 3; repeat += 1) {
    const start = performance.now()
    result = await run()
    seconds.push((performance.now() - start) / 1000)
  }
  return { result, seconds: Number(seconds.sort((one, other) => one - other)[1].toFixed(3)) }
}

/** Four in five of a user's items come from the user's taste; within it low numbers are popular. */
function makeInteractions() {
  const random = seededRandom(3)
  const taken = { row: [], column: [] }
  const later = { row: [], column: [] }
  for (let user = 0; user < users; user += 1) {
    const taste = random.integer(tastes)
    const own = new Set()
    while (own.size < perUser) {
      const rank = Math.floor((items / tastes) * random.uniform() ** 2)
      own.add(rank * tastes + (random.uniform() < 0.8 ? taste : random.integer(tastes)))
    }
    const [last, ...rest] = [...own].reverse()
    later.row.push(user)
    later.column.push(last)
    for (const item of rest) {
      taken.row.push(user)
      taken.column.push(item)
    }
  }
  return {
    history: sparseFromTriplets(users, items, taken.row, taken.column),
    heldOut: sparseFromTriplets(users, items, later.row, later.column),
  }
}
