import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { messageOf, type Ran, type RunOptions, rapport } from './command.ts'
import { writeOrders } from './order-files.ts'
import { count, type Measured, prove } from './record.ts'
import { cannotMount, fill, onSmallDisk } from './small-disk.ts'

// A store with one import that was acknowledged; a second import meets a full disk or is killed. Whatever happens, the
// first must be whole, the second whole or absent, and what was acknowledged there.

const firstRows = 20_000
const secondRows = 150_000
let folder: string
let mother: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  mother = join(folder, 'mother')
  writeOrders(join(folder, 'first.csv'), firstRows, 1)
  writeOrders(join(folder, 'second.csv'), secondRows, 1_000_000)
  const first = take(mother, 'first.csv')
  if (first.status !== 0) throw new Error(first.stderr)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const take = (store: string, file: string, options: RunOptions = {}): Ran =>
  rapport(['import', 'orders', join(folder, file), '--store', store, '--currency', 'EUR', '--yes', '--json'], options)

interface Contents {
  readonly first: number
  readonly second: number
  readonly batches: number
}

/** Lines of each import that the store holds when it is opened again, and the imports that it knows of. */
async function contentsOf(store: string): Promise<Contents> {
  const warehouse = await openWarehouse(store)
  try {
    const [row] = await warehouse.rows<Contents>(
      `select count(*) filter (try_cast(order_id as integer) < 1000000) as first,
        count(*) filter (try_cast(order_id as integer) >= 1000000) as second,
        (select count(*) from batches) as batches from order_lines`,
    )
    return row!
  } finally {
    await warehouse.close()
  }
}

const isSound = ({ first, second, batches }: Contents): boolean =>
  first === firstRows && ((second === 0 && batches === 1) || (second === secondRows && batches === 2))

/** The import that failed, once more: it must complete what is missing and change nothing that is there. */
async function completes(store: string): Promise<boolean> {
  const again = take(store, 'second.csv')
  const { first, second } = await contentsOf(store)
  return again.status === 0 && first === firstRows && second === secondRows
}

async function onFullDisk(store: string, ran: Ran, makeRoom: () => void): Promise<Measured> {
  const after = await contentsOf(store)
  makeRoom()
  const isCompleted = await completes(store)
  const message = messageOf(ran)
  return {
    figure:
      `“${message.replaceAll(store, 'STORE')}”, exit ${ran.signal ?? ran.status}; ${count(after.first)} of ${count(firstRows)} acknowledged lines there, ` +
      `${count(after.second)} of the import that failed; with room again it ${isCompleted ? 'completes' : 'does not complete'}`,
    isMet: ran.status === 1 && /disk/.test(message) && isSound(after) && after.second === 0 && isCompleted,
  }
}

prove({
  name: 'crash-full-file-system',
  claim:
    'a file system of 64 MB that is full but for 3 MB: a clear message, nothing acknowledged lost, and it completes once there is room',
  cannot: cannotMount && `${cannotMount}; the row below fills the disk another way`,
  measure: () => {
    const disk = join(folder, 'disk')
    return onSmallDisk(disk, async () => {
      const store = join(disk, 'store')
      cpSync(mother, store, { recursive: true })
      const filler = fill(disk, 3 * 2 ** 20)
      return onFullDisk(store, take(store, 'second.csv'), () => rmSync(filler))
    })
  },
})

prove({
  name: 'crash-file-limit',
  claim:
    'RLIMIT_FSIZE reached (1 MB above the store): a clear message, nothing acknowledged lost, and it completes without the limit',
  measure: async () => {
    const store = join(folder, 'limited')
    cpSync(mother, store, { recursive: true })
    const largest = Math.max(...readdirSync(store).map((name) => statSync(join(store, name)).size))
    const ran = take(store, 'second.csv', { fileKilobytesMax: Math.ceil(largest / 1024) + 1024 })
    const measured = await onFullDisk(store, ran, () => undefined)
    rmSync(store, { recursive: true })
    return measured
  },
})

const hook = fileURLToPath(new URL('kill-at.mjs', import.meta.url))

interface Moment {
  readonly name: string
  readonly words: string
  readonly at: string
  /** Milliseconds after the moment began: its beginning, middle and end are not the same to a file. */
  readonly delays: readonly number[]
  /** Whether the import has been acknowledged by then. */
  readonly isTold?: boolean
}

const moments: readonly Moment[] = [
  { name: 'read', words: 'while the file is read', at: 'read', delays: [0, 100] },
  { name: 'keys', words: 'while records are compared with the store', at: 'keys', delays: [0, 30] },
  { name: 'write', words: 'while records are written', at: 'write', delays: [0, 20, 60] },
  { name: 'commit', words: 'at the commit', at: 'commit', delays: [0, 2, 8, 20, 50, 100, 150, 200, 300] },
  { name: 'checkpoint', words: 'at the checkpoint', at: 'checkpoint', delays: [0, 1, 3, 8, 20, 50] },
  { name: 'told', words: 'right after it was acknowledged', at: 'told', delays: [0], isTold: true },
]

for (const { name, words, at, delays, isTold } of moments) {
  prove({
    name: `crash-kill-${name}`,
    claim: `kill -9 ${words}: nothing acknowledged lost, the import whole or absent, and once more it completes`,
    measure: async () => {
      const found = { whole: 0, absent: 0, killed: 0, completed: 0, acknowledgedLost: 0 }
      const broken: string[] = []
      for (const delay of delays) {
        const store = join(folder, `killed-${name}-${delay}`)
        cpSync(mother, store, { recursive: true })
        const ran = take(store, 'second.csv', {
          node: ['--import', hook],
          env: { RAPPORT_KILL_AT: at, RAPPORT_KILL_AFTER_MS: String(delay) },
        })
        const after = await contentsOf(store)
        found.killed += Number(ran.signal === 'SIGKILL')
        if (!isSound(after))
          broken.push(`${after.first} and ${after.second} lines, ${after.batches} batches at ${delay} ms`)
        else if (after.second === 0) found.absent += 1
        else found.whole += 1
        found.acknowledgedLost += Number(
          after.first !== firstRows || (ran.stdout !== '' && after.second !== secondRows),
        )
        found.completed += Number(await completes(store))
        rmSync(store, { recursive: true })
      }
      const { whole, absent, killed, completed, acknowledgedLost } = found
      return {
        figure:
          `killed ${killed} of ${delays.length} times, ${delays.join(', ')} ms into it: the import was whole ${whole} times, absent ${absent}, ` +
          `in part ${broken.length}${broken.length > 0 ? ` (${broken.join(', ')})` : ''}; acknowledged records lost: ${acknowledgedLost} times; completed by another try: ${completed} of ${delays.length}`,
        // Late delays may find the process at its end already; at least the first must have been in time.
        isMet:
          killed > 0 &&
          broken.length === 0 &&
          acknowledgedLost === 0 &&
          completed === delays.length &&
          (!isTold || whole === delays.length),
      }
    },
  })
}
