import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import type { Movement } from '../live/movement.ts'
import type { KeptMovement } from './kept-movement.ts'
import { MovementJournal } from './movement-journal.ts'

let folder: string
let warehouse: Warehouse
let journal: MovementJournal
let told: KeptMovement[]
let failures: unknown[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-movements-'))
  warehouse = await openWarehouse(folder)
  await open()
})

afterEach(async () => {
  await journal.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function open(): Promise<void> {
  told = []
  failures = []
  journal = await MovementJournal.open(warehouse, { onFailure: (error) => failures.push(error) })
  journal.onTold((movements) => told.push(...movements))
}

const files = (): string[] => readdirSync(join(warehouse.logFolder, 'movements'))

const move = (customer: string, sequence: number, more: Partial<Movement> = {}): Movement => ({
  ...{ segment: 'rule.keen', version: 1, sequence, customer, at: 1_700_000_000_000 + sequence, isEntry: true },
  reason: { because: 'event', clauses: [{ pointer: '/rule', words: 'views “a”', holds: true, value: 3 }] },
  ...more,
})

it('tells what is on disk, in order and once, and has it in the warehouse a moment later', async () => {
  journal.add([move('ann', 1), move('b\nob', 2)])
  journal.add([move('cleo', 3, { isEntry: false, reason: { because: 'time', clauses: [] } })])
  expect(told).toEqual([])
  await journal.flush()
  expect(told.map(({ number, customer }) => [number, customer])).toEqual([
    [1, 'ann'],
    [2, 'b\nob'],
    [3, 'cleo'],
  ])
  const before = await journal.after(0, 10)
  expect(before).toEqual({ movements: told, through: 3 })
  await journal.settle()
  expect(files()).toEqual([])
  expect(await journal.after(0, 10)).toEqual(before)
  expect(await journal.after(0, 2)).toEqual({ movements: told.slice(0, 2), through: 2 })
  expect(await journal.after(3, 2)).toEqual({ movements: [], through: 3 })
  expect(failures).toEqual([])
})

it('has everything that was told after it ended in the middle, and no line of which half was written', async () => {
  journal.add([move('ann', 1), move('bob', 2)])
  await journal.flush()
  const [file] = files()
  appendFileSync(join(warehouse.logFolder, 'movements', file!), '{"n":3,"s":"rule.ke')
  const was = told
  await open()
  expect(await journal.after(0, 10)).toEqual({ movements: was, through: 2 })
  journal.add([move('cleo', 3)])
  await journal.settle()
  expect(told).toMatchObject([{ number: 3, customer: 'cleo' }])
})

it('takes a file in once, whatever a crash leaves of it', async () => {
  journal.add([move('ann', 1)])
  await journal.settle()
  const line = { n: 1, s: 'rule.keen', v: 1, q: 1, c: 'ann', t: 1, e: true, b: 'event' }
  appendFileSync(join(warehouse.logFolder, 'movements', '0000000000000001.ndjson'), `${JSON.stringify(line)}\n`)
  await open()
  expect((await journal.after(0, 10)).movements).toHaveLength(1)
})

it('knows of somebody who was erased only that somebody left', async () => {
  journal.add([move('ann', 1), move('bob', 2)])
  await journal.flush()
  journal.add([move('ann', 3, { isEntry: false, reason: { because: 'erasure', clauses: [] } })])
  expect(await journal.erase(['ann'])).toBe(1)
  const { movements, through } = await journal.after(0, 10)
  expect(through).toBe(3)
  expect(movements.map(({ customer, sequence }) => [customer, sequence])).toEqual([
    ['bob', 2],
    [null, 3],
  ])
})

it('gives the numbers of a segment once, whoever was erased', async () => {
  journal.add([move('ann', 1), move('bob', 2), move('bob', 3, { isEntry: false })])
  expect(await journal.erase(['bob'])).toBe(2)
  expect((await journal.after(0, 10)).movements.map(({ customer, sequence }) => [customer, sequence])).toEqual([
    ['ann', 1],
    [null, 3],
  ])
})

it('goes on after a try for which nothing was left to do', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const file = join(warehouse.logFolder, 'movements')
  mkdirSync(warehouse.logFolder, { recursive: true })
  appendFileSync(file, 'in the way')
  journal.add([move('ann', 1)])
  await expect(journal.flush()).rejects.toThrow()
  rmSync(file)
  await journal.flush()
  // The try that the failure had put off.
  vi.runAllTimers()
  vi.useRealTimers()
  journal.add([move('bob', 2)])
  await journal.flush()
  expect(told).toHaveLength(2)
})

it('takes what is on disk in once, however many wait for it', async () => {
  journal.add([move('ann', 1)])
  await Promise.all([journal.settle(), journal.settle(), journal.settle()])
  expect((await journal.after(0, 10)).movements).toHaveLength(1)
  expect(files()).toEqual([])
})

it('tells what could not be written once it can be', async () => {
  mkdirSync(warehouse.logFolder, { recursive: true })
  appendFileSync(join(warehouse.logFolder, 'movements'), 'in the way')
  journal.add([move('ann', 1)])
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(told).toEqual([])
  expect(failures).toHaveLength(1)
  rmSync(join(warehouse.logFolder, 'movements'))
  await journal.flush()
  expect(told).toHaveLength(1)
})
