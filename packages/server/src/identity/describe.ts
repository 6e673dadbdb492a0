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

/** Whose an id is that was sent as a user's, or an identity such as `anonymous:8f3c`; undefined when nobody sent it. */
export async function customerOfIdentity({ queries }: State, named: string): Promise<string | undefined> {
  const rows = await queries
    .selectFrom('identities')
    .select(['identity', 'customer_id'])
    .where('identity', 'in', [`user:${named}`, named])
    .execute()
  return (rows.find(({ identity }) => identity !== named) ?? rows[0])?.customer_id
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
  return withoutUnseenTwins(described)
}

/**
 * An alias does not say whether the earlier id is a user's or a browser's, so it joins both. Where one of the two was
 * there before the alias, the other never sent anything.
 */
function withoutUnseenTwins(described: readonly DescribedIdentity[]): DescribedIdentity[] {
  const byKey = new Map(described.map((one) => [one.identity, one]))
  return described.filter(({ identity, firstSeenAt, links }) => {
    const [, kind, id] = /^(user|anonymous):(.*)$/s.exec(identity) ?? []
    if (kind === undefined || links.length !== 1) return true
    const [user, browser] = [byKey.get(`user:${id}`), byKey.get(`anonymous:${id}`)]
    if (!user?.links.some(({ reason }) => reason === 'alias') || !browser) return true
    return firstSeenAt <= (kind === 'user' ? browser : user).firstSeenAt
  })
}
