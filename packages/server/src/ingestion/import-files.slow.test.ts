import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-slow-import-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

type Damage = (fields: string[]) => string

/** Each kind of damage that a line can have, by turns. */
const damages: readonly Damage[] = [
  (fields) => fields.slice(0, 5).join(','),
  (fields) => `${fields.join(',')},more,fields`,
  (fields) => fields.with(2, '"LAMP').join(','),
  (fields) => fields.with(2, '"LA"MP').join(','),
  (fields) => fields.with(2, 'L\xff\xfeMP').join(','),
  (fields) => fields.with(2, 'L\0MP').join(','),
  (fields) => fields.with(5, 'abc').join(','),
  (fields) => fields.with(4, '2010-13-45').join(','),
]

/** @returns the path of a file of `rows` order lines, one in a hundred damaged when `isDamaged` */
function orderFile(rows: number, isDamaged: boolean): string {
  const path = join(folder, 'orders.csv')
  const descriptor = openSync(path, 'w')
  writeSync(descriptor, 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n')
  for (let start = 0; start < rows; start += 10_000) {
    const lines: string[] = []
    for (let row = start; row < Math.min(rows, start + 10_000); row += 1) {
      const fields = [
        ...[String(500_000 + Math.floor(row / 10)), String(10_000 + (row % 4001))],
        row % 10 === 0 ? '"LAMP, big"' : 'LAMP small',
        ...[String(1 + (row % 20)), `2010-${String(1 + (row % 12)).padStart(2, '0')}-11 10:20:00`],
        ...[`${row % 20}.${10 + (row % 90)}`, String(10_000 + (row % 3989)), 'France'],
      ]
      const isBad = isDamaged && row % 100 === 51
      lines.push(isBad ? damages[Math.floor(row / 100) % damages.length]!(fields) : fields.join(','))
    }
    writeSync(descriptor, Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
  }
  closeSync(descriptor)
  return path
}

test('a million rows with one in a hundred damaged: the sums add up, and each bad row has its number', async () => {
  const path = orderFile(1_000_000, true)
  const warehouse = await openWarehouse(join(folder, 'store'))
  const summary = await importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR' })
  expect(summary).toMatchObject({ read: 1_000_000, accepted: 990_000, duplicates: 0, quarantined: 10_000 })
  const [wrong] = await warehouse.rows('select count_if((row_number - 52) % 100 <> 0)::integer as n from quarantine')
  expect(wrong).toEqual({ n: 0 })
  await warehouse.close()
})

/** What a child process runs: an import that says when it begins to write. */
const child = (store: string, file: string): string => `
  import { openWarehouse } from ${JSON.stringify(join(dist, 'warehouse', 'index.js'))}
  import { importFiles } from ${JSON.stringify(join(dist, 'ingestion', 'index.js'))}
  const warehouse = await openWarehouse(${JSON.stringify(store)})
  const request = { kind: 'orders', files: [${JSON.stringify(file)}], currency: 'EUR' }
  try {
    const summary = await importFiles(warehouse, request, { onProgress: ({ stage }) => console.log(stage) })
    console.log('acknowledged ' + summary.batchId)
    await warehouse.checkpoint()
    console.log('checkpointed')
  } catch (error) {
    console.log('failed ' + error.code + ': ' + error.message)
  }
`
const dist = join(import.meta.dirname, '..', '..', 'dist')

/** These tests run the compiled room in processes of their own; skipping them unseen would prove nothing. */
function mustBeBuilt(): void {
  if (existsSync(join(dist, 'ingestion', 'index.js'))) return
  throw new Error('packages/server/dist must hold the compiled server: run npm run build before these tests')
}

async function held(store: string): Promise<{ batches: number; lines: number }> {
  const warehouse = await openWarehouse(store)
  const [row] = await warehouse.rows<{ batches: number; lines: number }>(
    'select (select count(*) from batches) as batches, (select count(*) from order_lines) as lines',
  )
  await warehouse.close()
  return row!
}

// Moments: while reading, while writing, at the commit (a little after writing began), when told, and in the checkpoint.
test.each([
  ['check records', 0],
  ['write records', 0],
  ['write records', 250],
  ['acknowledged', 0],
  ['acknowledged', 15],
] as const)('killed at "%s" + %d ms: all of the import or nothing', async (moment, laterMs) => {
  mustBeBuilt()
  const path = orderFile(200_000, false)
  const store = join(folder, 'store')
  const script = join(folder, 'child.mjs')
  writeFileSync(script, child(store, path))
  const running = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const ended = new Promise((resolve) => running.on('close', resolve))
  running.stdout.on('data', (text: Buffer) => {
    const isNew = !said.includes(moment)
    said += text.toString()
    if (isNew && said.includes(moment)) setTimeout(() => running.kill('SIGKILL'), laterMs)
  })
  await ended
  expect(said).toContain(moment)
  const { batches, lines } = await held(store)
  expect(lines).toBe(batches * 200_000)
  if (said.includes('acknowledged')) expect(batches).toBe(1)
})

test('a full disk leaves nothing half done, and is named', async () => {
  mustBeBuilt()
  const path = orderFile(200_000, false)
  const store = join(folder, 'store')
  const script = join(folder, 'child.mjs')
  writeFileSync(script, child(store, path))
  // A limit of 4 MB on every file that the process writes: a disk that is full for the store and for the log.
  const limited = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 4096; exec "${process.execPath}" "${script}"`])
  expect(limited.stdout.toString()).toContain('failed warehouse.disk-full')
  expect(await held(store)).toEqual({ batches: 0, lines: 0 })
})
