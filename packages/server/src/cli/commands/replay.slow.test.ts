import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// The tracking plan and quarantine beside a running server and without one. It runs what `npm ci` has built.

const program = fileURLToPath(new URL('../../../bin/rapport.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'rapport-replay-cli-'))
const store = join(folder, 'store')
let server: ChildProcess
let url: string
let writeKey: string

async function rapport(...words: readonly string[]) {
  return ended(spawn(process.execPath, [program, ...words, '--store', store], { cwd: folder }))
}

async function ended(child: ChildProcessWithoutNullStreams) {
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  const [code] = await once(child, 'close')
  return { out, err, code: code as number | null }
}
const document = async (...words: readonly string[]) => {
  const { out, err, code } = await rapport(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

const untilSaid = (child: ChildProcessWithoutNullStreams, text: string): Promise<void> =>
  new Promise((done) => {
    let said = ''
    child.stderr.on('data', (more) => {
      said += more
      if (said.includes(text)) done()
    })
  })

async function startServer(): Promise<void> {
  server = spawn(process.execPath, [program, 'start', '--empty', '--no-open', '--port', '0', '--store', store])
  let said = ''
  server.stderr!.on('data', (text) => {
    said += text
  })
  await vi.waitFor(() => expect(said).toContain('Ctrl-C ends it'), { timeout: 100_000, interval: 100 })
  writeKey = /wk_[\w-]+/.exec(said)![0]
  url = /http:\/\/localhost:\d+/.exec(said)![0]
}
async function stopServer(signal: NodeJS.Signals): Promise<void> {
  const closed = once(server, 'close')
  server.kill(signal)
  await closed
}

async function send(batch: readonly object[]) {
  const body = JSON.stringify({ writeKey, batch })
  const answer = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return (await answer.json()) as { accepted: number; quarantined: { code: string }[] }
}
const viewed = (n: number, price: unknown) => ({
  ...{ type: 'track', event: 'Viewed', userId: `user ${n}`, properties: { n, price } },
})

beforeAll(startServer, 110_000)
afterAll(() => {
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('what breaks a declared schema is kept out, mended and replayed, by commands beside the server and without it', async () => {
  writeFileSync(join(folder, 'viewed.json'), JSON.stringify({ properties: { price: { type: 'number' } } }))
  writeFileSync(join(folder, 'mend.json'), JSON.stringify([{ op: 'cast', at: '/properties/price', to: 'number' }]))
  const declare = ['schemas', 'declare', 'track', 'viewed.json', '--name', 'Viewed', '--quarantine']
  expect(await document(...declare)).toMatchObject({ version: 1, onViolation: 'quarantine' })
  await vi.waitFor(
    async () => expect((await send([viewed(0, '1.5')])).quarantined).toMatchObject([{ code: 'plan.violation' }]),
    { timeout: 10_000, interval: 300 },
  )
  const before = (await document('quarantine', 'replay', '--dry-run')).tried
  await send([viewed(1, '2.5'), viewed(2, 3), viewed(3, 'much')])
  expect((await rapport('quarantine', 'list')).out).toContain('plan.violation')
  expect(await document('quarantine', 'replay', '--dry-run', '--mend', 'mend.json')).toMatchObject({
    ...{ tried: before + 2, accepted: before + 1, failed: 1, dryRun: true },
    reasons: [{ code: 'ingestion.mend', pointer: '/properties/price' }],
  })
  expect(await document('quarantine', 'replay', '--mend', 'mend.json')).toMatchObject({
    accepted: before + 1,
    failed: 1,
  })
  await stopServer('SIGINT')
  expect(await document('schemas', 'show', 'track', '--name', 'Viewed')).toMatchObject({ version: 1, versions: 1 })
  expect(await document('quarantine', 'replay', '--dry-run')).toMatchObject({ tried: 1, failed: 1 })
  expect((await rapport('schemas', 'retire', 'track', '--name', 'Viewed')).out).toContain('nothing is declared')
  expect(await document('quarantine', 'replay')).toMatchObject({ tried: 1, accepted: 1 })
  expect((await rapport('quarantine', 'replay', '--mend', 'nowhere.json')).code).toBe(2)
  await startServer()
}, 120_000)

test('a server killed in the middle of a replay has taken each event once when it is asked again', async () => {
  const calls = 20_000
  const nameless = (n: number) => ({ type: 'track', userId: `user ${n % 50}`, properties: { n } })
  for (let from = 0; from < calls; from += 2000) {
    await send(Array.from({ length: 2000 }, (_, at) => nameless(from + at)))
  }
  writeFileSync(join(folder, 'name.json'), JSON.stringify([{ op: 'set', at: '/event', value: 'Mended' }]))
  let kills = 0
  for (const wait of [0, 60, 150]) {
    const words = ['quarantine', 'replay', '--mend', 'name.json', '--store', store]
    const child = spawn(process.execPath, [program, ...words], { cwd: folder })
    const cut = ended(child)
    await Promise.race([cut, untilSaid(child, 'replaying')])
    await new Promise((done) => setTimeout(done, wait))
    await stopServer('SIGKILL')
    if ((await cut).code !== 0) kills += 1
    await startServer()
  }
  const last = await document('quarantine', 'replay', '--mend', 'name.json')
  await stopServer('SIGINT')
  const { openWarehouse } = await import('../../warehouse/index.ts')
  const warehouse = await openWarehouse(store)
  const held = await warehouse.columns(
    "select (properties->>'$.n')::double as n from events where name = 'Mended' order by position",
  )
  await warehouse.close()
  expect([...held.numbers('n')]).toEqual(Array.from({ length: calls }, (_, n) => n))
  expect([kills > 0, last.failed]).toEqual([true, 0])
  await startServer()
}, 240_000)
