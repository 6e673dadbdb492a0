import type { Selectable } from 'kysely'
import type { Instant } from '../base/index.ts'
import type { State, StateTables } from '../state/index.ts'

/** An identity of a customer, with why it belongs to them and what joined it. */
interface DescribedIdentity {
  readonly identity: string
  readonly why: string
  readonly firstSeenAt: number
  /** 20 at most: of more, which ones is not said. */
  readonly links: readonly { readonly with: string; readonly reason: string; readonly isSevered: boolean }[]
  /** Of all links, severed ones too. */
  readonly linkCount: number
}

export interface CustomerIdentities {
  /** 100 at most: of more those that are no browser's first, then those first seen last. In the order of their text. */
  readonly identities: readonly DescribedIdentity[]
  /** Of all. */
  readonly identityCount: number
}

const identitiesMost = 100
const linksMost = 20

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

/** What a customer is known by over the wire; nothing for one who never sent an event. A shared till may have many browsers. */
export async function identitiesOf({ queries }: State, customerId: string): Promise<CustomerIdentities> {
  const own = queries.selectFrom('identities').where('customer_id', '=', customerId)
  const { count } = await own.select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  if (Number(count) === 0) return { identities: [], identityCount: 0 }
  const rows = await own
    .selectAll()
    .orderBy((is) => is.case().when('identity', 'like', 'anonymous:%').then(1).else(0).end())
    .orderBy('first_seen_at', 'desc')
    .orderBy('identity')
    .limit(identitiesMost)
    .execute()
  const links = await linksOfEach(
    queries,
    rows.map(({ identity }) => identity),
  )
  const described = rows
    .map(({ identity, why, first_seen_at }) => ({ identity, why, firstSeenAt: first_seen_at, ...links(identity) }))
    .sort((one, other) => (one.identity < other.identity ? -1 : 1))
  const identities = withoutUnseenTwins(described)
  return { identities, identityCount: Number(count) - (described.length - identities.length) }
}

const ends = ['from_identity', 'to_identity'] as const

/** Links of some identities: counted in one statement, all read in one where these are few, else as many as are shown. */
async function linksOfEach(queries: State['queries'], identities: readonly string[]) {
  const counts = new Map<string, number>()
  const found: IdentityLink[] = []
  for (const end of ends) {
    const counted = await queries
      .selectFrom('identity_links')
      .select((is) => [`${end} as identity`, is.fn.countAll().as('count')])
      .where(end, 'in', identities)
      .groupBy(end)
      .execute()
    for (const { identity, count } of counted) counts.set(identity, (counts.get(identity) ?? 0) + Number(count))
    const few = counted.filter(({ count }) => Number(count) <= linksMost).map(({ identity }) => identity)
    const many = counted.filter(({ count }) => Number(count) > linksMost).map(({ identity }) => identity)
    for (const some of [few, ...many.map((identity) => [identity])]) {
      const read = queries.selectFrom('identity_links').selectAll().where(end, 'in', some)
      found.push(...(await (some === few ? read : read.limit(linksMost)).execute()))
    }
  }
  const byIdentity = new Map<string, Map<string, IdentityLink>>(identities.map((identity) => [identity, new Map()]))
  for (const one of found) for (const end of ends) byIdentity.get(one[end])?.set(one.link, one)
  return (identity: string): Pick<DescribedIdentity, 'links' | 'linkCount'> => ({
    links: [...byIdentity.get(identity)!.values()]
      .sort((one, other) => (one.link < other.link ? -1 : 1))
      .slice(0, linksMost)
      .map(({ from_identity, to_identity, reason, severed_at }) => ({
        ...{ with: from_identity === identity ? to_identity : from_identity, reason, isSevered: severed_at !== null },
      })),
    linkCount: counts.get(identity) ?? 0,
  })
}

type IdentityLink = Selectable<StateTables['identity_links']>

/**
 * An alias does not say whether the earlier id is a user's or a browser's, so it joins both. Where one of the two was
 * there before the alias, the other never sent anything.
 */
function withoutUnseenTwins(described: readonly DescribedIdentity[]): DescribedIdentity[] {
  const byKey = new Map(described.map((one) => [one.identity, one]))
  return described.filter(({ identity, firstSeenAt, linkCount }) => {
    const [, kind, id] = /^(user|anonymous):(.*)$/s.exec(identity) ?? []
    if (kind === undefined || linkCount !== 1) return true
    const [user, browser] = [byKey.get(`user:${id}`), byKey.get(`anonymous:${id}`)]
    if (!user?.links.some(({ reason }) => reason === 'alias') || !browser) return true
    return firstSeenAt <= (kind === 'user' ? browser : user).firstSeenAt
  })
}
