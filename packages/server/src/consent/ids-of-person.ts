import type { StateQueries } from '../state/index.ts'

/** A person of more ids than that is a test, or a shared account. */
const mostIds = 1000

/** Every id that the graph knows of an id's customer, as events carry them; none where it does not know the id. */
export async function idsOfPerson(queries: StateQueries, receivedId: string): Promise<string[]> {
  const key = receivedId.startsWith('anonymous:') ? receivedId : `user:${receivedId}`
  const rows = await queries
    .selectFrom('identities')
    .select('identity')
    .where('customer_id', '=', (is) => is.selectFrom('identities').select('customer_id').where('identity', '=', key))
    .limit(mostIds)
    .execute()
  return rows.map(({ identity }) => (identity.startsWith('user:') ? identity.slice('user:'.length) : identity))
}
