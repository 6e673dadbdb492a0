import { type RetentionSettings, retentionSettings } from '@rapport/protocol'
import { recordAudit } from '../../access/index.ts'
import type { State, StateQueries } from '../../state/index.ts'

const name = 'retention'

/** Until somebody sets a period everything is kept for good. */
export async function readRetention(queries: StateQueries): Promise<RetentionSettings> {
  const row = await queries.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row === undefined ? { periods: {}, rewritesFiles: true } : retentionSettings.parse(JSON.parse(row.value))
}

/** Changes how long what is kept, and enters who did. @param change of what holds */
export function changeRetention(
  state: State,
  actor: string,
  change: (held: RetentionSettings) => RetentionSettings,
): Promise<RetentionSettings> {
  return state.transaction(async (queries) => {
    const wanted = change(await readRetention(queries))
    await keepSetting(queries, name, JSON.stringify(wanted))
    await recordAudit(queries, { actor, action: 'retention.set', detail: wanted })
    return wanted
  })
}

const rewriting = 'retention.rewrite'

/** Notes, before anything goes, that files hold what went: a run that is killed leaves the rewriting to the next. */
export const noteRemoved = (queries: StateQueries): Promise<void> => keepSetting(queries, rewriting, 'due')

export const forgetRemoved = async (queries: StateQueries): Promise<void> => {
  await queries.deleteFrom('settings').where('name', '=', rewriting).execute()
}

/** Whether the files hold what went. */
export async function isRewriteDue(queries: StateQueries): Promise<boolean> {
  const row = await queries.selectFrom('settings').select('value').where('name', '=', rewriting).executeTakeFirst()
  return row !== undefined
}

async function keepSetting(queries: StateQueries, key: string, value: string): Promise<void> {
  await queries
    .insertInto('settings')
    .values({ name: key, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
