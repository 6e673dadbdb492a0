import type { StateQueries } from './state.ts'

/** What was kept under a name; undefined when nothing was. */
export async function readSetting(queries: StateQueries, name: string): Promise<string | undefined> {
  const row = await queries.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** Keeps a value under a name, in the place of the one before. */
export async function keepSetting(queries: StateQueries, name: string, value: string): Promise<void> {
  await queries
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
