import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscoveredFamily, TaughtFamily } from '../segments/index.ts'
import { openSession, spawnProgram, startServer, untilEnded, untilSaid } from './program.contract.ts'

// Segments that are asked for by name as a person asks for them: on a store that nobody has open, and beside a server that
// has, which must answer the same.

let folder: string

const session = openSession(() => folder)
const rapport = session.run

async function document<Found>(...words: string[]): Promise<Found> {
  const { out, err, code } = await rapport(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Found
}

const report = (): string => readFileSync(join(folder, 'rapport-data', 'report.html'), 'utf8')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-families-'))
  await document('demo', '--customers', '500', '--seed', '3')
  await document('analyze')
}, 300_000)

afterAll(() => {
  session.end()
  rmSync(folder, { recursive: true, force: true })
})

const discover = (): Promise<DiscoveredFamily> =>
  document(
    'segments',
    'discover',
    '--method',
    'hierarchical',
    '--name',
    'tree',
    '--k',
    '3',
    '--features',
    'purchases,habits',
  )
const teach = (): Promise<TaughtFamily> =>
  document('segments', 'teach', '--name', 'vip', '--labels', 'vip.csv', '--seed', '2')

test('with the store closed and beside a server: the same groups and the same pupils, in the report at once', async () => {
  const found = await discover()
  expect(found.groups).toMatchObject({ found: true, k: 3 })
  expect(/tree.{0,10}: hierarchical clustering/.test(report())).toBe(true)
  const top = await document<readonly { customerId: string }[]>('predict', 'top', '--limit', '60')
  const low = await document<readonly { customerId: string }[]>('predict', 'top', '--limit', '120', '--lowest')
  const rows = [...top.map((one) => `${one.customerId},yes`), ...low.map((one) => `${one.customerId},no`)]
  writeFileSync(join(folder, 'vip.csv'), ['customer_id,label', ...rows].join('\n'))
  const taught = await teach()
  expect(taught.taught.found).toBe(true)
  const { analysed: listed } = await document<{ analysed: readonly { id: string; customers: number }[] }>('segments')
  expect(listed.filter(({ id }) => id.startsWith('tree.'))).toHaveLength(3)
  expect((await rapport('segments', 'export', 'vip.1')).out).toContain('may_contact')
  const server = await startServer(folder, [])
  try {
    const withoutModel = (family: object): string => JSON.stringify(family).replaceAll(/segments-[\w-]+-\d+/g, 'model')
    expect(withoutModel(await discover())).toBe(withoutModel(found))
    expect(withoutModel(await teach())).toBe(withoutModel(taught))
    const stopped = spawnProgram(folder, ['segments', 'discover', '--method', 'medoids', '--name', 'late'])
    const ended = untilEnded(stopped)
    await untilSaid(stopped, 'features')
    stopped.kill('SIGINT')
    expect((await ended).code).toBe(130)
    expect(JSON.stringify(await document('segments'))).not.toContain('late.1')
  } finally {
    await server.stop('SIGINT')
  }
}, 300_000)

test.each([
  [['discover', '--method', 'dbscan', '--k', '3'], '--k must be left out with dbscan'],
  [['discover', 'hdbscan'], 'segments discover must be followed by no other word, what it is to do goes into options'],
  [['list', 'rfm'], 'segments list must be followed by no other word, got rfm'],
  [['show', 'rfm.champions', 'rfm.lost'], 'segments show must be followed by ID, got rfm.champions rfm.lost'],
  [['lost'], 'segments must be followed by list, show, versions'],
  [['discover', '--method', 'magic'], '--method must be one of kmeans, hierarchical'],
  [['discover', '--features', 'colour'], 'features must be names of the catalogue'],
  [['discover', '--features', ''], '--features must hold names with a comma between each two, got ""'],
  [['discover', '--features', 'purchases,'], 'got "purchases,"'],
  [['discover', '--method', 'factors', '--features', 'purchases'], '--features must be left out with factors'],
  [
    ['discover', '--name', 'Alle Kunden'],
    '--name must be a letter and up to 39 more of a-z, 0-9 and -, got "Alle Kunden"',
  ],
  [['teach', '--segment', 'rfm.champions'], 'segments teach must be given --name'],
  [['teach', '--name', 'x'], 'segments teach must be given --labels or --segment, got neither'],
  [['teach', '--name', 'x', '--labels', 'nothing.csv'], 'nothing.csv must be a file that can be read'],
  [['teach', '--name', 'x', '--segment', 'rfm.nothing'], 'a segment must be one of'],
  [['teach', '--name', 'x', '--segment', 'x.1'], '--segment must be of another family than the one that is made'],
  [['teach', '--name', 'x', '--segment', 'rfm.champions', '--features', ' '], '--features must hold names'],
  [['teach', '--name', 'x', '--segment', 'rfm.champions', '--threshold', '2'], '--threshold must be a probability'],
])(
  '%j is refused at once, in one line',
  async (words, message) => {
    const { code, err } = await rapport('segments', ...words)
    // Before anything is computed: nothing but the refusal is said.
    expect(err.trim()).toContain(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  },
  60_000,
)
