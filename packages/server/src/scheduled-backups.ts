import { type Configuration, dayMs } from './base/index.ts'
import { type JobKind, setSchedule } from './jobs/index.ts'
import { type BackupParts, backupJob } from './operation/index.ts'
import type { State } from './state/index.ts'

const hourMs = dayMs / 24

/** The backups that the server makes by itself, if it is told where to put them. */
export async function scheduledBackups(
  parts: Omit<BackupParts, 'stateUrl'>,
  state: State,
  { backupFolder: folder, backupEveryHours, backupKeep: keep, stateUrl }: Configuration,
): Promise<readonly JobKind<object>[]> {
  if (folder === undefined) return []
  const kind = backupJob({ ...parts, stateUrl }, state, { folder, keep })
  await setSchedule(state, { scheduleId: 'backup', kind, input: {}, everyMs: backupEveryHours * hourMs })
  return [kind]
}
