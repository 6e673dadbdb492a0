import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDemo, type ScenarioName } from '../../packages/server/src/demo/index.ts'
import { lastMoment } from '../../packages/server/src/insights/first-look.ts'
import { findPairs } from '../../packages/server/src/recommendations/bought-together.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { root } from './rows-file.ts'

/** Ten that were not used in development. */
export const demoSeeds: readonly number[] = Array.from({ length: 10 }, (_, at) => 201 + at)

/** How near the analyses and the oracle come to the truth of one shop, as benchmarks/demo-acceptance.mjs says it. */
export interface ShopReading {
  readonly seed: number
  /** Groups that were found; null when none were. */
  readonly k: number | null
  /** Adjusted Rand index of the discovered segments, and of the oracle's types, with the true types; buyers only. */
  readonly rand: number
  readonly oracleRand: number
  /** Spearman's rank correlation of predicted, and of the oracle's, with the true expected value of a year. */
  readonly rank: number
  readonly oracleRank: number
}

const read = new Map<string, readonly ShopReading[]>()

/** The ten shops of a scenario, made and analysed once for all rows. */
export function readShops(scenario: ScenarioName, effects: 'on' | 'off'): readonly ShopReading[] {
  const known = read.get(`${scenario} ${effects}`)
  if (known) return known
  const seeds = `${demoSeeds[0]}-${demoSeeds.at(-1)}`
  const shops = runAcceptance<ShopReading>(['--scenarios', scenario, '--effects', effects, '--seeds', seeds])
  if (shops.length !== demoSeeds.length) throw new Error(`ten shops must have been read, got ${shops.length}`)
  read.set(`${scenario} ${effects}`, shops)
  return shops
}

function runAcceptance<Shop>(words: readonly string[]): readonly Shop[] {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  try {
    const file = join(folder, 'shops.json')
    const script = join(root, 'benchmarks', 'demo-acceptance.mjs')
    const { status, stderr } = spawnSync(process.execPath, [script, ...words, '--json', file], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    if (status !== 0) throw new Error(`benchmarks/demo-acceptance.mjs ended with ${status}: ${stderr.slice(-400)}`)
    return JSON.parse(readFileSync(file, 'utf8')) as Shop[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ten more, kept for what is claimed without effects. */
export const claimSeeds: readonly number[] = Array.from({ length: 10 }, (_, at) => 201 + at)

/** What the whole analysis claimed of one shop in which nothing is to be found; names as in benchmarks/demo-acceptance.mjs. */
export interface ShopClaims {
  readonly scenario: ScenarioName
  readonly seed: number
  readonly claims: readonly string[]
}

let claims: readonly ShopClaims[] | undefined

/** Three scenarios with ten shops each, made and analysed once for all rows; of 1,500 customers, to be quick. */
export function readClaims(): readonly ShopClaims[] {
  if (claims) return claims
  const shops = runAcceptance<ShopClaims>([
    ...['--claims', '--customers', '1500'],
    ...['--seeds', `${claimSeeds[0]}-${claimSeeds.at(-1)}`],
  ])
  if (shops.length !== 30) throw new Error(`thirty shops must have been read, got ${shops.length}`)
  claims = shops
  return shops
}

/** How many products are said to be bought together in a shop where nobody has a taste. */
export async function pairsWithoutEffects(seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  try {
    const warehouse = await openWarehouse(folder)
    try {
      await makeDemo(warehouse, { scenario: 'fashion', seed, effects: 'off' })
      return (await findPairs(warehouse, await lastMoment(warehouse))).length
    } finally {
      await warehouse.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
