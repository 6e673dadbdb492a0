import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { countOf } from '../../base/index.ts'
import { inspectState } from '../../state/index.ts'
import { inspectWarehouse, ownerOf } from '../../warehouse/index.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export const restoreAdvice = 'put a backup in its place: rapport restore FILE --replace'

/** Who has the store open; undefined when nobody has. */
export function checkOwner(folder: string): { readonly finding: Finding; readonly isOpen: boolean } {
  const owner = ownerOf(folder)
  if (!owner) return { finding: ok('owner', 'no process has the store open'), isOpen: false }
  const who = `process ${owner.pid}, rapport ${owner.version}, since ${owner.since}`
  if (owner.isAlive) return { finding: ok('owner', `${who} has it open`), isOpen: true }
  return { finding: ok('owner', `${who} is gone without a word; the next opening goes on`), isOpen: false }
}

/** Reads every row that the warehouse holds: damage shows when a block is read. */
export async function checkWarehouse(folder: string): Promise<Finding> {
  if (!existsSync(join(folder, 'warehouse.duckdb'))) {
    return fail('warehouse', `${folder} holds no store`, 'rapport start makes one; --store says where it is')
  }
  const { schema, tables, rows } = await inspectWarehouse(folder)
  return ok('warehouse', `schema ${schema}, ${tables} tables with ${countOf(rows, 'row')}, all of them readable`)
}

/**
 * @param url `postgres://…` where state is kept there
 * @param readsAll false in a server, whose requests would wait for it
 */
export async function checkState(folder: string, url: string | undefined, readsAll = true): Promise<Finding> {
  const where = url === undefined ? 'SQLite' : 'PostgreSQL'
  const { migrations, unknown, faults, setAside, milliseconds } = await inspectState(folder, url, readsAll)
  if (faults.length > 0) return fail('state', `${where}: ${faults.join('; ')}`, restoreAdvice)
  if (unknown.length > 0) {
    return fail('state', `${where}: of a later version (${unknown.join(', ')})`, 'use the version that it is of')
  }
  if (setAside > 0) {
    const advice = 'they are tried again at each start; rapport start tells what is wrong with them'
    return warn(
      'state',
      `${where}: ${countOf(setAside, 'event of the log could not be taken in and is', 'events of the log could not be taken in and are')} put aside`,
      advice,
    )
  }
  const schema = migrations.at(-1) ?? 'not there yet'
  return ok('state', `${where}, schema ${schema}, answers after ${milliseconds.toFixed(0)} ms`)
}
