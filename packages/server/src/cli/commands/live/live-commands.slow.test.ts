import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandLine, readAudit } from '../../../access/index.ts'
import { openState } from '../../../state/index.ts'
import { openSession, startServer } from '../../program.contract.ts'

// Commands on declared features and live segments say the same beside a server as without one.

let folder: string
const session = openSession(() => folder)

const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))

async function said(...words: string[]) {
  const { out, err, code } = await session.run(...words)
  return { out, err, code }
}

async function document<Found>(...words: string[]): Promise<Found> {
  const { out, err, code } = await session.run(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Found
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-live-commands-'))
  await document('demo', '--customers', '60', '--seed', '5')
}, 120_000)

let stop: () => Promise<unknown> = async () => undefined
afterAll(async () => {
  await stop()
  session.end()
  rmSync(folder, { recursive: true, force: true })
})

const orders = {
  name: 'own_purchases',
  label: 'orders so far',
  unit: 'orders',
  value: { aggregate: 'distinct', of: 'order_id', from: { lines: 'sale' } },
}
const loyal = {
  id: 'rule.loyal',
  name: 'Loyal',
  words: 'bought often',
  rule: { feature: 'own_purchases', op: '>=', value: 3 },
}
const others = {
  id: 'rule.others',
  name: 'Others',
  words: 'not listed',
  rule: { all: [{ segment: 'rule.loyal' }, { not: [{ segment: 'list.vip' }] }] },
}
const vip = { id: 'list.vip', name: 'VIP', words: 'on the list', list: true }

interface Listed {
  readonly id: string
  readonly isReady: boolean
  readonly customers: number | null
}

/** Moments and running times differ; what is asked for does not. */
const steady = (text: string): string =>
  text
    .replaceAll(/"(asOf|elapsedMs|declaredAt)": \d+/g, '"$1": 0')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'MOMENT')
    .replaceAll(/--store \S+/g, '--store STORE')
    .replaceAll(/it is \d+\.\d+/g, 'it is N')

test('features and segments are the same beside a server and alone', async () => {
  write('feature.json', orders)
  write('segments.json', [loyal, others, vip])
  write('rule.json', { not: [{ segment: 'rule.loyal' }] })
  write('wrong.json', [
    {
      ...loyal,
      rule: {
        all: [
          { event: 'x', withinDays: 0 },
          { trait: 'x', op: '?' },
        ],
      },
    },
    loyal,
  ])
  expect(await document('features', 'check', 'feature.json')).toEqual({ isValid: true, problems: [] })
  expect(await document('features', 'declare', 'feature.json')).toMatchObject([{ version: 1, isNew: true }])
  expect(await document('segments', 'declare', 'segments.json')).toHaveLength(3)
  const { customers } = await document<{ customers: readonly string[] }>('segments', 'members', 'rule.loyal')
  expect(customers.length).toBeGreaterThan(5)
  write('vip.csv', `customer_id\n${customers.slice(0, 3).join('\n')}\nnobody-at-all\n`)
  const server = await startServer(folder, [])
  stop = () => server.stop('SIGKILL')
  const listed = await said('segments', 'customers', 'list.vip', 'vip.csv')
  expect([listed.code, listed.out]).toEqual([0, expect.stringContaining('3 customers are in list.vip: 3 came, 0 left')])
  expect(listed.out).toContain('1 id names nobody, and was left out: nobody-at-all')
  const one = customers[0]!
  for (let tries = 0; tries < 300; tries += 1) {
    const { live } = await document<{ live: readonly Listed[] }>('segments', 'list')
    if (live.every(({ isReady, id, customers: n }) => isReady && (id !== 'list.vip' || n === 3))) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }

  const lines: (readonly string[])[] = [
    ['features', 'list'],
    ['features', 'show', 'own_purchases'],
    ['features', 'versions', 'own_purchases'],
    ['features', 'value', one, customers[1]!],
    ['features', 'value', one, '--as-of', '2020-01-01'],
    ['features', 'value', 'nobody-at-all'],
    ['features', 'remove', 'own_purchases'],
    ['features', 'remove', 'nothing'],
    ['segments', 'list'],
    ['segments', 'list', '--json'],
    ['segments', 'show', 'rule.others'],
    ['segments', 'show', 'list.vip', '--json'],
    ['segments', 'versions', 'rule.loyal'],
    ['segments', 'check', 'wrong.json'],
    ['segments', 'preview', 'rule.json', '--limit', '3'],
    ['segments', 'members', 'rule.loyal', '--limit', '4', '--after', one],
    ['segments', 'members', 'rule.none'],
    ['segments', 'explain', 'rule.others', one],
    ['segments', 'explain', 'list.vip', one],
    ['segments', 'overlap', 'rule.loyal', 'rule.others', 'list.vip'],
    ['segments', 'overlap', 'rule.loyal'],
    ['segments', 'export', 'rule.loyal', '--purpose', 'marketing.ads'],
    ['segments', 'remove', 'rule.loyal'],
    ['segments', 'trend', 'rule.loyal'],
    ['customer', one],
    ['customer', one, '--json'],
  ]
  const beside = []
  for (const words of lines) beside.push(await said(...words))
  await server.stop('SIGINT')
  for (const [at, words] of lines.entries()) {
    const { out, err, code } = await said(...words)
    const there = beside[at]!
    expect([words, { out: steady(there.out), err: there.err, code: there.code }]).toEqual([
      words,
      { out: steady(out), err, code },
    ])
  }
  expect(beside.map(({ code }) => code)).toEqual([
    0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 2, 0, 2, 0, 0, 0,
  ])
  expect(beside[13]!.out).toContain('3 mistakes')
  expect(
    (await document<{ days: readonly { size: number }[] }>('segments', 'trend', 'rule.loyal')).days.at(-1)!.size,
  ).toBe(customers.length)

  const state = await openState(join(folder, 'rapport-data'))
  const audited = async (action: string) =>
    (await readAudit(state.queries, { limit: 100 })).filter((entry) => entry.action === action)
  const exports = (await audited('segments.export')).map(({ actor, target }) => [actor, target])
  expect(exports).toEqual([
    [commandLine, 'rule.loyal'],
    [commandLine, 'rule.loyal'],
  ])
  const fewer = await said('segments', 'customers', 'list.vip', 'vip.csv', '--remove')
  expect(fewer.out).toContain('0 customers are in list.vip: 0 came, 3 left')
  expect((await document<{ customers: readonly string[] }>('segments', 'members', 'rule.others')).customers).toEqual(
    customers,
  )
  expect((await said('segments', 'remove', 'rule.others')).code).toBe(0)
  expect((await said('segments', 'remove', 'rule.loyal')).code).toBe(0)
  expect((await said('segments', 'remove', 'list.vip')).code).toBe(0)
  write('typo.json', '{"event": "Order Completd"}')
  expect((await said('segments', 'preview', 'typo.json')).out).toMatch(
    /^0 customers now\nwarning: \/rule the event “Order Completd” was never seen/,
  )
  write('all.json', '[{"event": "A"}, {"event": "B"}]')
  expect((await said('segments', 'preview', 'all.json')).err).toContain(
    'all.json must hold one rule, or one definition',
  )
  const gone = await said('segments', 'customers', 'list.vip', 'vip.csv', '--remove')
  expect([gone.code, gone.err]).toEqual([2, expect.stringContaining('must be one that is declared to lose customers')])
  const again = await said('segments', 'customers', 'list.vip', 'vip.csv')
  expect([again.code, again.out]).toEqual([0, expect.stringContaining('list.vip is new: a list')])
  write('nobody.csv', 'customer_id\n')
  const emptied = await said('segments', 'customers', 'list.vip', 'nobody.csv')
  expect([emptied.code, emptied.err]).toEqual([2, expect.stringContaining('to take out everybody, give --empty')])
  expect((await said('segments', 'customers', 'list.vip', 'nobody.csv', '--empty')).out).toContain('0 came, 3 left')
  const both = await said('segments', 'customers', 'list.vip', 'vip.csv', '--add', '--empty')
  expect(both.err).toContain('one of --add, --remove and --empty, got --add and --empty')
  const versions = (await audited('segments.declare')).filter(({ target }) => target === 'list.vip')
  expect(versions.map(({ detail }) => detail)).toEqual([{ version: 3 }, { version: 1 }])
  const own = ['--big-spend', '200', '--home-country', 'DE', '--high-income', '40000']
  expect((await said('segments', 'declare', 'segments.json', ...own)).err).toContain('without a file')
  const shipped = (await document<readonly { id: string }[]>('segments', 'declare', ...own)).map(({ id }) => id)
  expect(shipped).toEqual(
    expect.arrayContaining([
      'rule.big-spenders',
      'demographic.at-home',
      'demographic.abroad',
      'demographic.high-income',
    ]),
  )
  await state.close()
  expect((await said('features', 'remove', 'own_purchases')).out).toContain('own_purchases is removed')
}, 300_000)
