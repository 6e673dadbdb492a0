import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FileReader, type Warehouse } from '../warehouse/index.ts'

const turns = new WeakMap<Warehouse, Promise<unknown>>()

/** One import of a store after the other: each compares its records with what the store has. */
export function inTurn<Result>(warehouse: Warehouse, step: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(warehouse) ?? Promise.resolve()).then(step, step)
  turns.set(
    warehouse,
    turn.catch(() => undefined),
  )
  return turn
}

/** Runs `step` with a reader and a folder for copies, both gone afterwards. */
export async function withReader<Result>(
  warehouse: Warehouse,
  step: (reader: FileReader, spill: string) => Promise<Result>,
): Promise<Result> {
  const parent = join(warehouse.folder, 'spill')
  mkdirSync(parent, { recursive: true })
  // What an import that was killed left behind; no other runs now, as imports take turns and a store has one owner.
  for (const name of readdirSync(parent)) {
    if (name.startsWith('import-')) rmSync(join(parent, name), { recursive: true, force: true })
  }
  const spill = mkdtempSync(join(parent, 'import-'))
  try {
    const reader = await FileReader.open(join(spill, 'reader'))
    try {
      return await step(reader, spill)
    } finally {
      reader.close()
    }
  } finally {
    rmSync(spill, { recursive: true, force: true })
  }
}
