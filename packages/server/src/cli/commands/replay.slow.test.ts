import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  openSession,
  type RunningServer,
  spawnProgram,
  startServer,
  untilEnded,
  untilSaid,
} from '../program.contract.ts'

// The tracking plan and quarantine beside a running server and without one.

const folder = mkdtempSync(join(tmpdir(), 'rapport-replay-cli-'))
const store = join(folder, 'store')
let server: RunningServer

const spawnHere = (...words: readonly string[]) => spawnProgram(folder, [...words, '--store', store])
const session = openSession(() => folder)
const rapport = (...words: readonly string[]) => session.run(...words, '--store', store)
const document = async (...words: readonly string[]) => {
  const { out, err, code } = await rapport(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

async function start(): Promise<void> {
  server = await startServer(folder, ['--store', store, '--empty'])
}

async function send(batch: readonly object[]) {
  return (await (await server.send(batch)).json()) as { accepted: number; quarantined: { code: string }[] }
}
const viewed = (n: number, price: unknown) => ({
  ...{ type: 'track', event: 'Viewed', userId: `user ${n}`, properties: { n, price } },
})

beforeAll(start, 110_000)
afterAll(async () => {
  session.end()
  await server?.stop('SIGKILL')
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
  await server.stop('SIGINT')
  expect(await document('schemas', 'show', 'track', '--name', 'Viewed')).toMatchObject({ version: 1, versions: 1 })
  expect(await document('quarantine', 'replay', '--dry-run')).toMatchObject({ tried: 1, failed: 1 })
  expect((await rapport('schemas', 'retire', 'track', '--name', 'Viewed')).out).toContain('nothing is declared')
  expect(await document('quarantine', 'replay')).toMatchObject({ tried: 1, accepted: 1 })
  expect((await rapport('quarantine', 'replay', '--mend', 'nowhere.json')).code).toBe(2)
  await start()
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
    const child = spawnHere('quarantine', 'replay', '--mend', 'name.json')
    const cut = untilEnded(child)
    await Promise.race([cut, untilSaid(child, 'replaying')])
    await new Promise((done) => setTimeout(done, wait))
    await server.stop('SIGKILL')
    if ((await cut).code !== 0) kills += 1
    await start()
  }
  const last = await document('quarantine', 'replay', '--mend', 'name.json')
  await server.stop('SIGINT')
  const { openWarehouse } = await import('../../warehouse/index.ts')
  const warehouse = await openWarehouse(store)
  const held = await warehouse.columns(
    "select (properties->>'$.n')::double as n from events where name = 'Mended' order by position",
  )
  await warehouse.close()
  expect([...held.numbers('n')]).toEqual(Array.from({ length: calls }, (_, n) => n))
  expect([kills > 0, last.failed]).toEqual([true, 0])
  await start()
}, 240_000)
