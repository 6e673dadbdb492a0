import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { recordAudit } from '../../access/index.ts'
import type { JobKind } from '../../jobs/index.ts'
import type { State } from '../../state/index.ts'
import { type BackupParts, backUp } from './back-up.ts'

export interface BackupJobOptions {
  /** Where the backups go. */
  readonly folder: string
  /** How many stay there. */
  readonly keep: number
}

/** A backup as work that can be asked for; older ones of its folder go when the new one is whole. */
export const backupJob = (parts: BackupParts, state: State, { folder, keep }: BackupJobOptions): JobKind<object> => ({
  kind: 'backup',
  input: z.strictObject({}),
  mostAttempts: 3,
  run: async (_, work) => {
    const backup = await backUp(parts, `${folder}/`, work)
    const removed = await removeOld(folder, keep)
    const detail = { bytes: backup.bytes, position: backup.position, removed: removed.length }
    await recordAudit(state.queries, { actor: 'schedule', action: 'operation.backup', target: backup.file, detail })
    return { ...backup, removed }
  },
})

/** Only what has a name that a backup gets; what a killed process left of one goes too: this job alone writes here. */
async function removeOld(folder: string, keep: number): Promise<string[]> {
  const names = await readdir(folder)
  const whole = names.filter((name) => /^rapport-\d{8}T\d{6}Z\.tar$/.test(name)).sort()
  const partial = names.filter((name) => /^rapport-\d{8}T\d{6}Z\.tar\.write_\w+\.partial$/.test(name))
  const removed = [...whole.slice(0, Math.max(0, whole.length - keep)), ...partial]
  for (const name of removed) await rm(join(folder, name))
  return removed
}
