import { RapportError } from '../base/index.ts'
import type { StateQueries } from '../state/index.ts'
import { identityOf, keyOf, type LinkReason, receivedIdOf, storedLinkKey } from './identity.ts'

/**
 * The keys of every identity that is a customer's and nobody else's.
 *
 * @throws RapportError `identity.moved` for an id that belongs to another customer
 */
export async function identityKeysOf(queries: StateQueries, customerId: string): Promise<string[]> {
  const own = await queries
    .selectFrom('identities')
    .select('customer_id')
    .where('identity', 'in', [customerId, keyOf({ kind: 'user', value: customerId })])
    .where('customer_id', '<>', customerId)
    .executeTakeFirst()
  if (own) {
    throw new RapportError(
      'identity.moved',
      `the customer must go by its own id, got ${customerId}, which belongs to ${own.customer_id}`,
    )
  }
  const rows = await queries
    .selectFrom('identities')
    .select('identity')
    .where('customer_id', '=', customerId)
    .orderBy('identity')
    .execute()
  return rows.map(({ identity }) => identity)
}

/** Identities with why they are the person's, and the links that say so, as they are kept. */
export async function exportIdentities(queries: StateQueries, keys: readonly string[]): Promise<object> {
  if (keys.length === 0) return { identities: [], links: [] }
  return {
    identities: await queries.selectFrom('identities').selectAll().where('identity', 'in', keys).execute(),
    links: await queries
      .selectFrom('identity_links')
      .selectAll()
      .where((is) => is.or([is('from_identity', 'in', keys), is('to_identity', 'in', keys)]))
      .execute(),
  }
}

/**
 * Takes identities out of the graph. What others share with them stays shared: a nameless user takes the person's place at
 * the other end of such a link, or a family's tablet would become the one's who is left.
 *
 * @param erasureId names the nameless
 */
export async function eraseIdentities(
  queries: StateQueries,
  keys: readonly string[],
  erasureId: string,
): Promise<Record<string, number>> {
  if (keys.length === 0) return { identities: 0, identity_links: 0 }
  const own = new Set(keys)
  const links = await queries
    .selectFrom('identity_links')
    .selectAll()
    .where((is) => is.or([is('from_identity', 'in', keys), is('to_identity', 'in', keys)]))
    .execute()
  const nameless = keyOf({ kind: 'user', value: `erased:${erasureId}` })
  const named = (key: string): string => (own.has(key) ? nameless : key)
  const shared = links
    .filter(({ from_identity, to_identity }) => own.has(from_identity) !== own.has(to_identity))
    .filter(({ severed_at }) => severed_at === null)
    .map((link) => {
      const ends = { from_identity: named(link.from_identity), to_identity: named(link.to_identity) }
      return {
        ...link,
        ...ends,
        link: storedLinkKey({
          reason: link.reason as LinkReason,
          from: identityOf(ends.from_identity),
          to: identityOf(ends.to_identity),
        }),
      }
    })
  if (shared.length > 0) {
    const first_seen_at = Math.min(...shared.map(({ seen_at }) => seen_at))
    await queries
      .insertInto('identities')
      .values({ identity: nameless, customer_id: `erased:${erasureId}`, why: 'erased', first_seen_at })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await queries
      .insertInto('identity_links')
      .values(shared)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  // Customers go by the id of a user, or by the key of a browser.
  await queries
    .deleteFrom('customer_moves')
    .where('customer_id', 'in', [...keys, ...keys.map(receivedIdOf)])
    .execute()
  const removed = await queries
    .deleteFrom('identity_links')
    .where((is) => is.or([is('from_identity', 'in', keys), is('to_identity', 'in', keys)]))
    .executeTakeFirst()
  const gone = await queries.deleteFrom('identities').where('identity', 'in', keys).executeTakeFirst()
  return { identities: Number(gone.numDeletedRows), identity_links: Number(removed.numDeletedRows) }
}
