import { createReadStream, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { isoOf, now, RapportError, stopIfAborted, version, type Work } from '../../base/index.ts'
import { openStateSnapshot, type StateSnapshot } from '../../state/index.ts'
import type { Warehouse, WarehouseSnapshot } from '../../warehouse/index.ts'
import { onFullDisk } from './full-disk.ts'
import { besides, formatVersion, type Manifest, manifestHashName, manifestName } from './manifest.ts'
import { TarWriter, type WrittenEntry } from './tar-writer.ts'

export interface BackupParts {
  readonly warehouse: Warehouse
  /** `postgres://…` where state is kept there. */
  readonly stateUrl: string | undefined
  /** Resolves when everything that was acknowledged is in the warehouse; where no server runs, it is. */
  readonly settle?: (() => Promise<void>) | undefined
}

/** A backup that is on disk. */
export interface Backup {
  readonly file: string
  readonly bytes: number
  readonly createdAt: string
  /** The position of the last event in it. */
  readonly position: number
  readonly rows: number
}

/**
 * Writes everything that the store holds into one file, as it was at one moment, while others go on writing: whatever was
 * acknowledged before this was called is in it.
 *
 * Tables go as Parquet, state as JSON Lines: no file of a database, so that it can be read by later versions of both, and
 * by anything else. State is read first: its cursors are at or before the end of the log, never behind what is missing.
 *
 * @param target a file that is not there, or a folder, which gets one named after the moment
 * @throws RapportError `operation.backup-exists`, `operation.disk-full`, `work.aborted`: then nothing is left of it
 */
export async function backUp(parts: BackupParts, target: string, work?: Work): Promise<Backup> {
  const createdAt = isoOf(now())
  const file = fileOf(target, createdAt)
  await parts.settle?.()
  const state = await openStateSnapshot(parts.warehouse.folder, parts.stateUrl)
  try {
    const warehouse = await parts.warehouse.snapshot()
    try {
      return await onFullDisk(file, () => write(file, createdAt, parts.warehouse.folder, { warehouse, state }, work))
    } finally {
      warehouse.close()
    }
  } finally {
    await state.close()
  }
}

/** The name of a backup in a folder of them. */
export const backupName = (createdAt: string): string => `rapport-${createdAt.replace(/[-:]/g, '')}.tar`

function fileOf(target: string, createdAt: string): string {
  const isFolder = target.endsWith('/') || (existsSync(target) && statSync(target).isDirectory())
  const file = resolve(isFolder ? join(target, backupName(createdAt)) : target)
  if (!existsSync(file)) return file
  throw new RapportError('operation.backup-exists', `the backup must be a new file, ${file} is there already`)
}

interface Snapshots {
  readonly warehouse: WarehouseSnapshot
  readonly state: StateSnapshot
}

async function write(
  file: string,
  createdAt: string,
  folder: string,
  { warehouse, state }: Snapshots,
  work?: Work,
): Promise<Backup> {
  const tar = await TarWriter.create(file)
  try {
    const total = state.tables.length + warehouse.tables.length + 1
    let done = 0
    const begin = (name: string): void => {
      stopIfAborted(work)
      work?.onProgress?.({ stage: `back up ${name}`, done, total })
      done += 1
    }
    const made: Manifest = {
      ...{ format: 'rapport-backup', formatVersion, version, createdAt, position: warehouse.position },
      state: {
        ...{ database: state.database, migrations: [...state.migrations] },
        tables: await inOrder(state.tables, (table) => {
          begin(table)
          return writeState(tar, state, table, work)
        }),
      },
      warehouse: {
        ...{ migrations: [...warehouse.migrations], sequences: { ...warehouse.sequences } },
        tables: await inOrder(warehouse.tables, async (table) => {
          begin(table.name)
          const { name, columns } = table
          return { name, columns: [...columns], ...(await writeTable(tar, warehouse, table, work)) }
        }),
      },
      files: await inOrder(
        besides.filter((name) => existsSync(join(folder, name))),
        async (name) => {
          const { bytes, sha256 } = await tar.add(`files/${name}`, createReadStream(join(folder, name)))
          return { name: `files/${name}` as const, bytes, sha256 }
        },
      ),
    }
    await writeManifest(tar, made)
    stopIfAborted(work)
    await tar.finish()
    work?.onProgress?.({ stage: 'back up', done: total, total })
    const rows = [...made.warehouse.tables, ...made.state.tables].reduce((sum, table) => sum + table.rows, 0)
    return { file, bytes: tar.bytes, createdAt, position: made.position, rows }
  } catch (error) {
    await tar.abandon()
    throw error
  }
}

async function writeTable(
  tar: TarWriter,
  warehouse: WarehouseSnapshot,
  table: WarehouseSnapshot['tables'][number],
  work?: Work,
): Promise<{ readonly rows: number; readonly files: WrittenEntry[] }> {
  const files: WrittenEntry[] = []
  let rows = 0
  for await (const part of warehouse.write(table, work)) {
    files.push(await tar.add(`warehouse/${table.name}-${files.length + 1}.parquet`, createReadStream(part.file)))
    rows += part.rows
  }
  return { rows, files }
}

async function writeState(
  tar: TarWriter,
  state: StateSnapshot,
  name: string,
  work?: Work,
): Promise<Manifest['state']['tables'][number]> {
  let rows = 0
  async function* lines(): AsyncGenerator<string> {
    for await (const some of state.rows(name)) {
      stopIfAborted(work)
      rows += some.length
      yield some.map((row) => `${JSON.stringify(row)}\n`).join('')
    }
  }
  const packing = createGzip()
  const source = Readable.from(lines())
  source.on('error', (error) => packing.destroy(error))
  const entry = await tar.add(`state/${name}.jsonl.gz`, source.pipe(packing))
  return { name, rows, files: [entry] }
}

async function writeManifest(tar: TarWriter, made: Manifest): Promise<void> {
  const { sha256 } = await tar.add(manifestName, [Buffer.from(`${JSON.stringify(made, null, 1)}\n`)])
  await tar.add(manifestHashName, [Buffer.from(`${sha256}  ${manifestName}\n`)])
}

async function inOrder<Item, Result>(items: readonly Item[], step: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await step(item))
  return results
}
