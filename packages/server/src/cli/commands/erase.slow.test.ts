import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { openSession, type RunningServer, startServer } from '../program.contract.ts'

// A customer who is in everything that was found out about customers: groups by each way of keeping members, a taught
// segment with labels and probabilities, scores of declared predictions, recommendations, the analysis and its report.
// After an erasure, by the command and over HTTP, no table and no file has them, and what goes on goes on without them.

let folder: string
let store: string
let server: RunningServer | undefined
const session = openSession(() => folder)

async function document<Found>(...words: readonly string[]): Promise<Found> {
  const { out, err, code } = await session.run(...words, '--store', store, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Found
}

const text = async (...words: readonly string[]): Promise<string> => {
  const { out, err } = await session.run(...words, '--store', store)
  return out + err
}

/** Looks into the store itself; no command or server has it meanwhile. */
async function looking<Seen>(look: (warehouse: Warehouse) => Promise<Seen>): Promise<Seen> {
  const warehouse = await openWarehouse(store)
  return look(warehouse).finally(() => warehouse.close())
}

/** Every column of every table that holds the id, whatever its type, with the rows. */
const tablesWith = (id: string): Promise<Readonly<Record<string, number>>> =>
  looking(async (warehouse) => {
    const columns = await warehouse.rows<{ table: string; column: string }>(
      `select table_name as "table", column_name as "column" from duckdb_columns() where not internal
      and table_name in (select table_name from duckdb_tables() where not temporary)`,
    )
    const found: Record<string, number> = {}
    for (const { table, column } of columns) {
      const [row] = await warehouse.rows<{ n: number }>(
        `select count(*) as n from "${table}" where contains("${column}"::varchar, $id)`,
        { id },
      )
      if (row!.n > 0) found[`${table}.${column}`] = row!.n
    }
    return found
  })

/** Files of the store whose bytes hold the id. The simulator's answers are no customer's: nobody real has any. */
const filesWith = (id: string): readonly string[] =>
  readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'demo-truth.jsonl.gz' && statSync(join(store, name)).isFile())
    .filter((name) => readFileSync(join(store, name)).includes(id))

/** What the fitted models of the families hold. */
const fittedModels = (): Promise<string> =>
  looking(async (warehouse) =>
    JSON.stringify(await warehouse.rows("select fitted, card from models where purpose = 'segments'")),
  )

interface Typical {
  readonly id: string
  readonly coordinates: readonly (number | string | null)[]
}

/** A typical customer of k-medoids who is labelled as well, called in by the teacher, scored and recommended to. */
const typicalCustomer = (): Promise<Typical> =>
  looking(async (warehouse) => {
    const [row] = await warehouse.rows<{ id: string; coordinates: string }>(
      `select customer_id as id, coordinates from segment_exemplars
      where model_id in (select model_id from segment_families where family = 'medoids')
        and customer_id in (select customer_id from segment_labels)
        and customer_id in (select customer_id from segment_probabilities)
        and customer_id in (select customer_id from scores where score = 'spend_soon')
        and customer_id in (select customer_id from recommendations)
      order by id limit 1`,
    )
    return { id: row!.id, coordinates: JSON.parse(row!.coordinates) }
  })

/** Groups that keep customers whom others are compared with, and a segment taught by a list that holds these. */
async function learn(): Promise<void> {
  await document('segments', 'discover', '--method', 'medoids', '--k', '3')
  await document('segments', 'discover', '--method', 'hdbscan')
  const typical = await looking((warehouse) =>
    warehouse.rows<{ id: string }>(
      `select customer_id as id from segment_exemplars join segment_families using (model_id) where family = 'medoids'`,
    ),
  )
  const top = await document<readonly { customerId: string }[]>('predict', 'top', '--limit', '80')
  const low = await document<readonly { customerId: string }[]>('predict', 'top', '--limit', '120', '--lowest')
  const yes = new Set([...typical.map(({ id }) => id), ...top.map(({ customerId }) => customerId)])
  const no = low.filter(({ customerId }) => !yes.has(customerId))
  const rows = [...[...yes].map((id) => `${id},yes`), ...no.map(({ customerId }) => `${customerId},no`)]
  writeFileSync(join(folder, 'vip.csv'), ['customer_id,label', ...rows].join('\n'))
  await document('segments', 'teach', '--name', 'vip', '--labels', 'vip.csv')
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-erase-cli-'))
  store = join(folder, 'store')
  await document('demo', '--customers', '500', '--seed', '3')
  await document('analyze')
  const spendSoon = {
    ...{ name: 'spend-soon', label: 'money spent in the next 60 days', horizonDays: 60 },
    target: { kind: 'amount', of: 'spend' },
  }
  writeFileSync(join(folder, 'spend.json'), JSON.stringify(spendSoon))
  await document('predict', 'define', 'spend.json')
  await document('predict', 'train', 'spend-soon', '--budget', '5')
  await document('predict', 'score', 'spend-soon')
  await learn()
}, 600_000)

afterAll(async () => {
  session.end()
  await server?.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const byCommand = async (id: string): Promise<unknown> => {
  const [receipt] = await document<readonly unknown[]>('erase', id, '--yes', '--now')
  return receipt
}

async function overHttp(id: string): Promise<unknown> {
  const { secret } = await document<{ secret: string }>(
    ...['keys', 'create', 'api', 'erases', '--scope', 'customers.erase', '--scope', 'customers.read'],
  )
  server = await startServer(folder, ['--store', store])
  const { url } = server
  const { link } = await document<{ link: string }>('open')
  const [cookie] = (await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')
  const asProgram = (method: string, path: string): Promise<Response> =>
    fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${secret}` } })
  const asOperator = (path: string): Promise<Response> => fetch(`${url}${path}`, { headers: { cookie: cookie! } })
  expect(await (await asOperator('/segments/vip.1/members.csv')).text()).toContain(id)
  const erased = await asProgram('DELETE', `/v1/customers/${id}`)
  expect(erased.status).toBe(202)
  // Out of every read at once, before the files are rewritten.
  expect((await asProgram('GET', `/v1/customers/${id}`)).status).toBe(404)
  const ids = ['vip.1', 'medoids.1', 'medoids.2', 'medoids.3', 'hdbscan.1']
  for (const path of ['/report', ...ids.flatMap((one) => [`/segments/${one}`, `/segments/${one}/members.csv`])]) {
    const answer = await asOperator(path)
    expect([path, answer.status, (await answer.text()).includes(id)]).toEqual([path, 200, false])
  }
  await document('erase', '--now')
  const receipt = await asProgram('GET', erased.headers.get('location')!)
  await server.stop('SIGINT')
  server = undefined
  return receipt.json()
}

test.each([
  ['by the command', byCommand],
  ['over HTTP', overHttp],
] as const)(
  'who is erased %s is in no segment, label, score, model, report or file',
  async (_, erase) => {
    const { id, coordinates } = await typicalCustomer()
    const before = await tablesWith(id)
    const derived = ['members', 'exemplars', 'labels', 'probabilities'].map((what) => `segment_${what}.customer_id`)
    const held = [...derived, 'scores.customer_id', 'recommendations.customer_id', 'customer_features.customer_id']
    for (const column of held) expect(before[column], column).toBeGreaterThan(0)
    expect(filesWith(id)).toContain('warehouse.duckdb')

    expect(await erase(id)).toMatchObject({
      finishedAt: expect.any(Number),
      modelsToRetrain: expect.arrayContaining([
        expect.objectContaining({ purpose: 'segments', kind: 'medoids' }),
        expect.objectContaining({ purpose: 'segments', kind: 'hdbscan' }),
        expect.objectContaining({ purpose: 'segments', kind: expect.stringMatching(/^taught-/) }),
        expect.objectContaining({ purpose: 'spend-soon' }),
      ]),
    })
    expect(await tablesWith(id)).toEqual({})
    expect(filesWith(id)).toEqual([])
    // Their coordinates name nobody, and are theirs all the same.
    const models = await fittedModels()
    for (const at of coordinates.filter((value) => typeof value === 'number' && !Number.isInteger(value))) {
      expect(models).not.toContain(String(at))
    }
    for (const words of [
      ['segments', 'show', 'vip.1'],
      ['segments', 'export', 'vip.1'],
      ['segments', 'export', 'medoids.1'],
      ['segments', 'export', 'hdbscan.1'],
      ['predict', 'top', '--score', 'spend_soon', '--limit', '1000'],
    ]) {
      expect([words, (await text(...words)).includes(id)]).toEqual([words, false])
    }
    expect(await text('predict', 'explain', 'spend-soon', id)).toContain('the customer must be named by an order')

    // What goes on goes on without them, and does not bring them back.
    await document('analyze')
    await document('predict', 'score', 'spend-soon')
    expect(await tablesWith(id)).toEqual({})
    const typical = await looking((warehouse) =>
      warehouse.rows<{ segment: number }>(
        `select segment from segment_exemplars join segment_families using (model_id) where family = 'medoids' order by segment`,
      ),
    )
    expect(typical).toEqual([{ segment: 0 }, { segment: 1 }, { segment: 2 }])
    await document('segments', 'discover', '--method', 'medoids', '--k', '3')
    expect(await tablesWith(id)).toEqual({})
    expect(filesWith(id)).toEqual([])
  },
  600_000,
)
