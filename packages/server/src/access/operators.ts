import { newId, now } from '../base/index.ts'
import type { StateQueries } from '../state/index.ts'

/** The oldest owner, whom the links of `rapport start` and `rapport open` let in; made where there is none. */
export async function ownerOf(queries: StateQueries): Promise<string> {
  const held = await queries
    .selectFrom('operators')
    .select('operator_id')
    .where('role', '=', 'owner')
    .orderBy('created_at')
    .orderBy('operator_id')
    .executeTakeFirst()
  if (held) return held.operator_id
  const operator_id = newId('operator')
  await queries
    .insertInto('operators')
    .values({ operator_id, name: 'owner', email: null, role: 'owner', password_hash: null, created_at: now() })
    .execute()
  return operator_id
}
