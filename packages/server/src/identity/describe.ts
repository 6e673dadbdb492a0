import type { Instant } from '../base/index.ts'
import type { State } from '../state/index.ts'

/** An identity of a customer, with why it belongs to them and what joined it. */
export interface DescribedIdentity {
  readonly identity: string
  readonly why: string
  readonly firstSeenAt: number
  readonly links: readonly { readonly with: string; readonly reason: string; readonly isSevered: boolean }[]
}

/** When the customer last gained or lost identities that had belonged to somebody; null when never. */
export async function movedAtOf({ queries }: State, customerId: string): Promise<Instant | null> {
  const row = await queries
    .selectFrom('customer_moves')
    .select('moved_at')
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  return row?.moved_at ?? null
}

/** Everything that a customer is known by over the wire; none for one who never sent an event. */
export async function identitiesOf({ queries }: State, customerId: string): Promise<DescribedIdentity[]> {
  const rows = await queries
    .selectFrom('identities')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('identity')
    .execute()
  const described: DescribedIdentity[] = []
  for (const { identity, why, first_seen_at } of rows) {
    const links = await queries
      .selectFrom('identity_links')
      .selectAll()
      .where((is) => is.or([is('from_identity', '=', identity), is('to_identity', '=', identity)]))
      .orderBy('link')
      .execute()
    described.push({
      ...{ identity, why, firstSeenAt: first_seen_at },
      links: links.map(({ from_identity, to_identity, reason, severed_at }) => ({
        ...{ with: from_identity === identity ? to_identity : from_identity, reason, isSevered: severed_at !== null },
      })),
    })
  }
  return described
}
