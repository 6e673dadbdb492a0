import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceDraft } from '@rapport/protocol'
import { afterAll, beforeAll } from 'vitest'
import { guardedFetch } from '../../packages/server/src/base/index.ts'
import { TestApi } from '../../packages/server/src/ingestion/sources/test-api.contract.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { program } from './command.ts'
import { count, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-sources-proof-'))
const store = join(folder, 'store')
const api = new TestApi()

beforeAll(async () => {
  await api.start()
  await (await openWarehouse(store)).close()
})
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly status: number | null
  readonly stderr: string
}

/** A command of the built program, to its end; the API answers meanwhile. @param begun is given what kills it */
async function rapport(
  words: readonly string[],
  env: Record<string, string> = {},
  begun?: (kill: () => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words, '--store', store], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  begun?.(() => child.kill('SIGKILL'))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stderr }
}

async function define(name: string, draft: SourceDraft): Promise<void> {
  const file = join(folder, 'definition.json')
  writeFileSync(file, JSON.stringify(draft))
  const { status, stderr } = await rapport(['sources', 'add', name, file])
  if (status !== 0) throw new Error(stderr)
}

const people = (url: string): SourceDraft => ({
  from: { type: 'http', url },
  into: { kind: 'customers', map: { customer_id: 'id' } },
})

prove({
  name: 'sources-ssrf',
  claim:
    'SSRF through sources is refused (loopback, link-local, private ranges, their odd spellings, redirects, DNS rebinding) unless configuration allows it: 0 requests reach a server that listens there',
  measure: async () => {
    const { port } = new URL(api.origin)
    const inside = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[64:ff9b::127.0.0.1]',
    ]
    const hosts = [
      ...inside,
      '10.0.0.1',
      '192.168.0.1',
      '172.16.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '[fd00:ec2::254]',
    ]
    let refused = 0
    for (const host of hosts) {
      await define('inside', people(`http://${host}:${port}/`))
      const { status, stderr } = await rapport(['sources', 'run', 'inside'])
      if (status === 2 && stderr.includes('(outgoing.address)')) refused += 1
    }
    const reached = api.asked.length

    // With the server itself allowed, its redirect to elsewhere in the network is not.
    const allow = { RAPPORT_ALLOW_HOSTS: '127.0.0.1' }
    api.answer = () => ({ status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' }, body: '' })
    await define('inside', people(`${api.origin}/`))
    const redirected = await rapport(['sources', 'run', 'inside'], allow)
    api.answer = () => ({ body: [{ id: 'ann' }] })
    const allowed = await rapport(['sources', 'run', 'inside'], allow)

    // A name that is public when it is looked at, and the loopback when it is looked at again.
    let asked = 0
    const before = api.asked.length
    const turning = guardedFetch([], async () => {
      asked += 1
      return [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]
    })
    const both = guardedFetch([], async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])
    const codes = await Promise.all(
      [turning, both].map((fetch) =>
        fetch(`http://turns.example:${port}/`, { timeoutMs: 3000 }).then(
          () => 'answered',
          (error: { readonly code: string }) => error.code,
        ),
      ),
    )
    const rebound = api.asked.length - before
    return {
      figure:
        `${refused} of ${hosts.length} refused, ${reached} requests arrived; redirect to 169.254.169.254: ` +
        `${redirected.stderr.includes('(outgoing.address)') ? 'refused' : 'followed'}; rebinding: ${codes.join(', ')}, ` +
        `${rebound} requests arrived; with RAPPORT_ALLOW_HOSTS=127.0.0.1: exit ${allowed.status}`,
      isMet:
        refused === hosts.length &&
        reached === 0 &&
        redirected.status === 2 &&
        redirected.stderr.includes('(outgoing.address)') &&
        rebound === 0 &&
        codes.every((code) => code === 'outgoing.address') &&
        allowed.status === 0,
    }
  },
})

const kills = 8
const [pages, perPage] = [30, 4]

prove({
  name: 'sources-kills',
  claim: `${kills} times kill -9 while a source is read, page by page: after the run that reaches its end, 0 records lost and 0 twice`,
  measure: async () => {
    const order = (page: number, at: number) => ({
      ...{ id: `o-${page}-${at}`, at: '2026-01-02T03:04:05Z', price: 2.5, quantity: 1, customer: `c${at}`, sku: 'mug' },
    })
    let [furthest, asked] = [0, 0]
    let kill: (() => void) | undefined
    let delayMs = 0
    api.answer = ({ query }) => {
      const page = Number(query['page'])
      furthest = Math.max(furthest, page)
      asked += 1
      // Somewhere between the answer to the third page of this run and the next one's.
      if (asked === 3 && kill) setTimeout(kill, delayMs)
      return { body: page > pages ? [] : Array.from({ length: perPage }, (_, at) => order(page, at)) }
    }
    const map = {
      order_id: 'id',
      occurred_at: 'at',
      unit_price: 'price',
      quantity: 'quantity',
      customer_id: 'customer',
    }
    await define('orders', {
      from: { type: 'http', url: `${api.origin}/orders`, paging: { by: 'page', parameter: 'page', first: 1 } },
      into: { kind: 'orders', map: { ...map, product_id: 'sku' }, currency: 'EUR' },
    })
    const allow = { RAPPORT_ALLOW_HOSTS: '127.0.0.1' }
    const run = ['sources', 'run', 'orders']
    const stops: number[] = []
    for (let one = 0; one < kills; one += 1) {
      asked = 0
      delayMs = 67 * one
      await rapport(run, allow, (killing) => {
        kill = killing
      })
      stops.push(furthest)
    }
    kill = undefined
    const last = await rapport(run, allow)
    const warehouse = await openWarehouse(store)
    const [held] = await warehouse.rows<{ lines: number; orders: number }>(
      'select count(*) as lines, count(distinct order_id) as orders from order_lines',
    )
    await warehouse.close()
    const wanted = pages * perPage
    return {
      figure: `killed when it had come to page ${stops.join(', ')} of ${pages}; then ${count(held!.orders)} of ${wanted} orders in ${held!.lines} lines`,
      isMet: last.status === 0 && held!.orders === wanted && held!.lines === wanted && new Set(stops).size > 1,
    }
  },
})
