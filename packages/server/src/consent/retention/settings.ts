import { type RetentionSettings, retentionSettings } from '@rapport/protocol'
import { recordAudit } from '../../access/index.ts'
import { keepSetting, readSetting, type State, type StateQueries } from '../../state/index.ts'

const name = 'retention'

/** Until somebody sets a period everything is kept for good. */
export async function readRetention(queries: StateQueries): Promise<RetentionSettings> {
  const held = await readSetting(queries, name)
  return held === undefined ? { periods: {}, rewritesFiles: true } : retentionSettings.parse(JSON.parse(held))
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
export const isRewriteDue = async (queries: StateQueries): Promise<boolean> =>
  (await readSetting(queries, rewriting)) !== undefined
