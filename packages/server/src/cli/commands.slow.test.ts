import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, spawnProgram, startServer, untilEnded } from './program.contract.ts'

// Every command as a person gives it, over one small demo shop.

let folder: string

const session = openSession(() => folder)
const rapport = async (...words: string[]) => {
  const { out, err, code } = await session.run(...words)
  return { status: code, stdout: out, stderr: err }
}

const document = async (...words: string[]) => {
  const { status, stdout, stderr } = await rapport(...words, '--json')
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-cli-'))
  expect(await document('demo', '--customers', '400', '--seed', '3')).toMatchObject({
    scenario: 'fashion',
    customers: 400,
  })
  expect((await document('analyze')).analysis.simulated).toBe('fashion')
}, 300_000)

afterAll(() => {
  session.end()
  rmSync(folder, { recursive: true, force: true })
})

test('a command line is a process that ends with its exit code', async () => {
  const [help, refused] = [
    await untilEnded(spawnProgram(folder, ['--help'])),
    await untilEnded(spawnProgram(folder, ['nonsense'])),
  ]
  expect(help).toMatchObject({ code: 0, err: '', out: (await rapport('--help')).stdout })
  expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('the command must be one of') })
})

test('every command explains itself', async () => {
  const overview = (await rapport('--help')).stdout
  for (const name of [
    'start',
    'demo',
    'import',
    'schemas',
    'quarantine',
    'quality',
    'analyze',
    'features',
    'segments',
    'predict',
    'recommend',
    'plan',
    'report',
    'customer',
  ]) {
    expect(overview).toContain(`  ${name} `)
    const { status, stdout } = await rapport(name, '--help')
    expect(status).toBe(0)
    expect(stdout).toContain(`Usage: rapport ${name}`)
    expect(stdout).toContain('--store DIR')
  }
})

test('the report lies in the store’s folder', async () => {
  expect(existsSync(join(folder, 'rapport-data', 'report.html'))).toBe(true)
  rmSync(join(folder, 'rapport-data', 'report.html'))
  expect((await document('report')).report).toBe(join('rapport-data', 'report.html'))
  expect(existsSync(join(folder, 'rapport-data', 'report.html'))).toBe(true)
})

test('quality, features, segments, predictions, recommendations and plan answer as text and as JSON', async () => {
  expect((await document('quality')).findings.length).toBeGreaterThan(0)
  expect((await rapport('quality', '--columns')).stdout).toContain('unit_price')
  expect((await document('features')).catalogue[0]).toHaveProperty('label')
  const listed = (await document('segments')).analysed as { id: string; customers: number }[]
  const champions = listed.find(({ id }) => id === 'rfm.champions')!
  expect((await document('segments', 'show', champions.id)).customers).toBe(champions.customers)
  const csv = (await rapport('segments', 'export', champions.id)).stdout.trim().split('\n')
  expect(csv[0]).toContain('may_contact')
  expect(csv.length - 1).toBe(champions.customers)
  const top = (await document('predict', 'top', '--limit', '3')) as { customerId: string; value: number }[]
  expect(top).toHaveLength(3)
  expect(top[0]!.value).toBeGreaterThanOrEqual(top[1]!.value)
  const customer = await document('customer', top[0]!.customerId)
  expect(customer.scores.map(({ score }: { score: string }) => score)).toContain('lifetime_value')
  expect((await rapport('customer', top[0]!.customerId)).stdout).toContain('may be used for')
  expect((await document('features', 'show', top[0]!.customerId)).features.length).toBeGreaterThan(20)
  const shown = (await document('recommend', 'customer', top[0]!.customerId)) as { productId: string }[]
  if (shown.length > 0) expect(await document('recommend', 'similar', shown[0]!.productId)).toBeInstanceOf(Array)
  const plan = (await document('plan')) as { segmentId: string }[]
  expect(plan.map(({ segmentId }) => segmentId)).toContain('rfm.champions')
  expect((await rapport('plan')).stdout).toContain('simulated')
})

test('predictions are listed, declared, checked, trained and forecast, or refused with the reason', async () => {
  const listed = (await document('predict', 'list')) as { name: string; version: number }[]
  expect(listed.map(({ name }) => name)).toContain('lead-conversion')
  const tickets = {
    name: 'asks',
    label: 'a ticket',
    horizonDays: 30,
    target: { kind: 'happens', of: { event: 'Ticket' } },
  }
  writeFileSync(join(folder, 'asks.json'), JSON.stringify(tickets))
  expect(await document('predict', 'define', 'asks.json')).toMatchObject({ name: 'asks', version: 1, score: 'asks' })
  expect((await document('predict', 'check', 'asks')).because).toMatch(
    /^no customer who may be profiled has an event named Ticket; import or send events named Ticket with/,
  )
  expect((await rapport('predict', 'train', 'asks')).stdout).toContain('asks is not predicted: no customer')
  expect(await document('predict', 'train', 'revenue', '--budget', '1')).toMatchObject({
    found: true,
    modelId: 'revenue-1',
    serves: true,
  })
  expect((await document('predict', 'forecast', 'revenue')).days).toHaveLength(28)
  expect((await rapport('predict', 'explain', 'revenue')).stdout).toContain('seasonal naive')
  expect(await document('predict', 'off', 'revenue')).toEqual({ name: 'revenue', isOff: true })
  expect((await rapport('predict', 'forecast', 'revenue')).stderr).toContain('must be switched on first')
}, 120_000)

test('own data: template, mapping, the same file twice, quarantine, undo', async () => {
  const template = (await rapport('import', 'template', 'orders')).stdout
  writeFileSync(join(folder, 'shop.csv'), template)
  const first = await document('import', 'orders', 'shop.csv', '--store', 'own', '--currency', 'EUR', '--yes')
  expect(first.read).toBe(first.accepted + first.duplicates + first.quarantined)
  expect(first.accepted).toBe(template.trim().split('\n').length - 1)
  const again = await document('import', 'orders', 'shop.csv', '--store', 'own', '--currency', 'EUR', '--yes')
  expect(again).toMatchObject({ accepted: 0, duplicates: first.accepted })
  const [header, ...lines] = template.trim().split('\n')
  const damaged = lines[0]!.replace(/\d{4}-\d\d-\d\d[^,]*/, 'yesterday')
  writeFileSync(join(folder, 'bad.csv'), [header, ...lines, damaged].join('\n'))
  expect(
    (await document('import', 'orders', 'bad.csv', '--store', 'own', '--currency', 'EUR', '--yes')).quarantined,
  ).toBe(1)
  expect(await document('quarantine', 'list', '--store', 'own')).toHaveLength(1)
  expect((await rapport('quarantine', 'export', '--store', 'own')).stdout).toContain('yesterday')
  expect((await document('import', 'list', '--store', 'own')).length).toBeGreaterThan(0)
  await document('import', 'undo', String(first.batchId), '--store', 'own')
  expect((await rapport('import', 'undo', String(first.batchId), '--store', 'own')).status).toBe(2)
})

test.each([
  [['nonsense'], 'the command must be one of start, open'],
  [['analyze', '--store', 'nowhere'], 'nowhere must hold a store, got none'],
  [['import', 'orders', 'missing.csv', '--store', 'own'], 'missing.csv'],
  [['import', 'parrots', 'x.csv'], 'import must name one of orders, events, customers, products'],
  [['import', 'orders', 'shop.csv', '--yes', '--currency', 'EUR'], 'demo'],
  [['customer', 'nobody'], 'the customer must be named by an order, event or import, got nobody'],
  [['segments', 'show', 'rfm.nothing'], 'a segment must be one of'],
  [['predict', 'score', 'nothing'], 'a prediction must be one of'],
  [['predict', 'score', 'lapse'], 'lapse must be trained before it scores: rapport predict train lapse'],
  [['predict', 'train'], 'it must be rapport predict train NAME, got nothing after train'],
  [['predict', 'learn'], 'predict must be followed by one of list, define, check'],
  [['predict', 'top', '--score', 'nothing'], 'the score must be '],
  [['demo'], 'must'],
  [['analyze', '--seed', 'x'], '--seed must be a whole number of at least 0, got x'],
  [['analyze', '--as-of', 'tomorrow'], '--as-of must be a date such as 2024-12-31, got tomorrow'],
])('%j is refused in one line', async (args, message) => {
  const { status, stderr, stdout } = await rapport(...args)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(status).toBe(2)
  expect(stdout).toBe('')
})

test('start serves the report until Ctrl-C and leaves the store free', async () => {
  const server = await startServer(folder, [])
  const { said } = server
  const link = /open: (http:\/\/localhost:\d+\/open\/[\w-]+)/.exec(said)![1]!
  const { origin } = new URL(link)
  expect((await fetch(`${origin}/`)).status).toBe(401)
  const opened = await fetch(link, { redirect: 'manual' })
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/'])
  const cookie = opened.headers.get('set-cookie')!
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/)
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(403)
  const page = await (await fetch(`${origin}/report`, { headers: { cookie: cookie.split(';')[0]! } })).text()
  expect(page).toBe(readFileSync(join(folder, 'rapport-data', 'report.html'), 'utf8'))
  expect(said).toContain('rapport import orders shop.csv')
  expect(await server.stop('SIGINT')).toBe(0)
  expect((await rapport('quality')).status).toBe(0)
}, 120_000)

test('Ctrl-C in the middle of an analysis leaves the earlier one standing', async () => {
  const before = await document('plan')
  const child = spawnProgram(folder, ['analyze', '--seed', '9'])
  // Once it says how far it is, it also hears.
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect([130, 0]).toContain(code)
  if (code === 130) expect(await document('plan')).toEqual(before)
}, 60_000)
