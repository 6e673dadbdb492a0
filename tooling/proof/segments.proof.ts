import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { discoveryMethods } from '../../packages/server/src/segments/index.ts'
import { dataPath, withoutData } from '../test-data.ts'
import { count, prove } from './record.ts'
import { root } from './rows-file.ts'

// benchmarks/segments.mjs makes the shops and looks for groups, each method in a process of its own. The seed was not used
// in development.

const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const demoShops = ['fashion', 'watches', 'subscription'] as const
const shops = withoutData ? demoShops : ([...demoShops, 'retail'] as const)

const secondsMax = 60
const megabytesMax = 1024
/** Of those in a group, with the true types; customers seen once are among them, whom an oracle misses too. */
const randMin = 0.6

function run<Found>(words: readonly string[]): Found {
  const file = join(folder, 'found.json')
  const script = join(root, 'benchmarks', 'segments.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, ...words, '--json', file], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status !== 0) throw new Error(`benchmarks/segments.mjs ended with ${status}: ${stderr.slice(-400)}`)
  return JSON.parse(readFileSync(file, 'utf8')) as Found
}

const made = new Set<string>()

/** The store of a shop, made once for all rows. */
function storeOf(shop: string): string {
  const store = join(folder, shop)
  if (made.has(shop)) return store
  const file = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')
  run(['--make', store, '--shop', shop, ...(shop === 'retail' ? ['--file', file] : [])])
  made.add(shop)
  return store
}

interface Discovered {
  readonly customers: number
  readonly none: number
  /** Null when there were no groups. */
  readonly k: number | null
  readonly rand: number | null
  readonly seconds: number
  readonly processorSeconds: number
  readonly megabytes: number
}

for (const method of discoveryMethods) {
  prove({
    name: `segments-${method}`,
    claim: `rapport segments discover --method ${method} on the three demo shops (seed 201) and online_retail_ii_2009: at most ${secondsMax} s of processor time and ${count(megabytesMax)} MB each; in the demo shops groups of the true types (adjusted Rand index at least ${randMin} among those in one)`,
    measure: () => {
      const found = shops.map((shop) => ({ shop, ...run<Discovered>(['--in', storeOf(shop), '--method', method]) }))
      return {
        figure: found.map(wordsOf).join('; '),
        isMet: found.every(
          ({ shop, rand, processorSeconds, megabytes }) =>
            processorSeconds <= secondsMax &&
            megabytes <= megabytesMax &&
            (shop === 'retail' || (rand ?? 0) >= randMin),
        ),
      }
    },
  })
}

function wordsOf({ shop, k, rand, none, customers, ...weight }: Discovered & { readonly shop: string }): string {
  const { seconds, processorSeconds, megabytes } = weight
  const groups = k === null ? 'no groups' : `${k} groups, ${count(none)} of ${count(customers)} customers in none`
  const agreement = rand === null ? '' : `, adjusted Rand index ${rand.toFixed(2)}`
  return `${shop}: ${groups}${agreement}, ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time), ${Math.round(megabytes)} MB`
}

interface Taught {
  readonly found: boolean
  readonly because?: string
  readonly chosen: string
  readonly quality: { readonly auc: { readonly value: number; readonly low: number; readonly high: number } }
  readonly precision: number
  readonly recall: number
  readonly added: number
  readonly all: number
  readonly seconds: number
}

prove({
  name: 'segments-teach-rule',
  claim:
    'a rule on two features, planted in 500 labels of each demo shop, is extended to all others with precision and recall of at least 0.7 each',
  measure: () => {
    const found = demoShops.map((shop) => ({ shop, ...run<Taught>(['--in', storeOf(shop), '--teach', 'rule']) }))
    return {
      figure: found
        .map(({ shop, chosen, quality: { auc }, precision, recall, added, all, seconds }) => {
          const interval = `${auc.value.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)})`
          return `${shop}: ${chosen}, AUC ${interval}; ${count(added)} added where ${count(all)} meet the rule, precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, ${seconds.toFixed(1)} s`
        })
        .join('; '),
      isMet: found.every((one) => one.found && one.precision >= 0.7 && one.recall >= 0.7),
    }
  },
})

prove({
  name: 'segments-teach-chance',
  claim: '500 labels by chance in each demo shop are refused: no segment comes of them',
  measure: () => {
    const found = demoShops.map((shop) => ({ shop, ...run<Taught>(['--in', storeOf(shop), '--teach', 'chance']) }))
    return {
      figure: found.map(({ shop, because }) => `${shop}: ${because ?? 'a segment was made'}`).join('; '),
      isMet: found.every((one) => !one.found),
    }
  },
})
