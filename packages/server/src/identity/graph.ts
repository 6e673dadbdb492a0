import { type Instant, now } from '../base/index.ts'
import type { StateQueries } from '../state/index.ts'
import { identityOf, keyOf, type Link, type LinkReason, storedLinkKey } from './identity.ts'
import { type Belonging, belongingOf, resolve } from './resolve.ts'

/** An event's part in the graph. */
export interface Sighting {
  readonly identities: readonly string[]
  readonly links: readonly Link[]
  readonly position: number
  readonly seenAt: Instant
}

/** An identity whose customer is new or another than before. */
export interface Moved {
  readonly identity: string
  readonly from: string | undefined
  readonly to: string
}

/**
 * Takes sightings into the graph and places everybody whom they touch anew. Taking them in again changes nothing.
 *
 * @returns the identities that belong to another customer than before, or for the first time
 */
export async function takeIn(queries: StateQueries, sightings: readonly Sighting[]): Promise<Moved[]> {
  const seenAt = new Map<string, Instant>()
  const links = new Map<string, { link: Link; position: number; seenAt: Instant }>()
  for (const { identities, links: shown, position, seenAt: at } of sightings) {
    const named = [...identities, ...shown.flatMap(({ from, to }) => [keyOf(from), keyOf(to)])]
    for (const key of named) if (!seenAt.has(key)) seenAt.set(key, at)
    for (const link of shown) {
      const key = storedLinkKey(link)
      if (!links.has(key)) links.set(key, { link, position, seenAt: at })
    }
  }
  const known = await knownOf(queries, links, seenAt)
  const rows = [...links]
    .filter(([link]) => !known.links.has(link))
    .map(([link, shown]) => ({
      ...{ link, from_identity: keyOf(shown.link.from), to_identity: keyOf(shown.link.to) },
      ...{ reason: shown.link.reason, position: shown.position, seen_at: shown.seenAt, severed_at: null },
    }))
  for (const part of parts(rows)) await queries.insertInto('identity_links').values(part).execute()
  const touched = new Set(rows.flatMap(({ from_identity, to_identity }) => [from_identity, to_identity]))
  for (const key of seenAt.keys()) if (!known.identities.has(key)) touched.add(key)
  return placeAnew(queries, new Map([...touched].map((key) => [key, seenAt.get(key)!])))
}

/** Of these, what the graph has already: most events show nothing new. */
async function knownOf(
  queries: StateQueries,
  links: ReadonlyMap<string, { readonly link: Link }>,
  identities: ReadonlyMap<string, Instant>,
) {
  const known = { links: new Set<string>(), identities: new Set<string>() }
  for (const part of parts([...links.keys()])) {
    const rows = await queries.selectFrom('identity_links').select('link').where('link', 'in', part).execute()
    for (const { link } of rows) known.links.add(link)
  }
  // Of a link that is there both ends are: who is erased takes their links along.
  for (const link of known.links) {
    const { from, to } = links.get(link)!.link
    known.identities.add(keyOf(from)).add(keyOf(to))
  }
  const others = [...identities.keys()].filter((key) => !known.identities.has(key))
  for (const part of parts(others)) {
    const rows = await queries.selectFrom('identities').select('identity').where('identity', 'in', part).execute()
    for (const { identity } of rows) known.identities.add(identity)
  }
  return known
}

/**
 * Places the given identities anew, and whoever moves with them, as the graph stands: the users that aliases and
 * addresses join, then the browsers and devices that were seen with a user who moved. A shared browser leads no further:
 * it joins nobody.
 *
 * @param touched identities, with when they were seen
 */
export async function placeAnew(queries: StateQueries, touched: ReadonlyMap<string, Instant>): Promise<Moved[]> {
  const browsers = [...touched.keys()].filter(isBrowser)
  const people = await joinedWith(
    queries,
    [...touched.keys()].filter((key) => !isBrowser(key)),
  )
  const placed = resolve(people.identities, people.links)
  const moved = await store(queries, placed, touched)
  const users = moved.map(({ identity }) => identity).filter((key) => !isBrowser(key))
  const seenWithMoved = await linkedWith(queries, users, 'from_identity')
  const others = new Set([...browsers, ...seenWithMoved.map(({ from }) => from).filter(isBrowser)])
  const seen = await linkedWith(queries, [...others], 'to_identity')
  const customers = await customersOf(queries, new Set(seen.map(({ to }) => to)))
  const places = new Map([...others].map((key) => [key, new Set<string>()]))
  for (const { from, to } of seen) places.get(from)!.add(customers.get(to)!)
  const belongings = new Map([...places].map(([key, seenWith]) => [key, belongingOf(key, seenWith)]))
  const all = [...moved, ...(await store(queries, belongings, touched))]
  await noteMoves(queries, all)
  return all
}

/** Notes when customers gained or lost identities: what was computed for them before is of somebody else in part. */
async function noteMoves(queries: StateQueries, moved: readonly Moved[]): Promise<void> {
  const customers = new Set(moved.flatMap(({ from, to }) => (from === undefined ? [] : [from, to])))
  const moved_at = now()
  const rows = [...customers].sort().map((customer_id) => ({ customer_id, moved_at }))
  for (const part of parts(rows)) {
    await queries
      .insertInto('customer_moves')
      .values(part)
      .onConflict((conflict) => conflict.column('customer_id').doUpdateSet({ moved_at }))
      .execute()
  }
}

const isBrowser = (key: string): boolean => key.startsWith('anonymous:') || key.startsWith('device:')

/** Stores where these belong. @returns those that belong elsewhere than before */
async function store(
  queries: StateQueries,
  placed: ReadonlyMap<string, Belonging>,
  touched: ReadonlyMap<string, Instant>,
): Promise<Moved[]> {
  const before = new Map<string, Belonging>()
  for (const part of parts([...placed.keys()])) {
    const rows = await queries.selectFrom('identities').selectAll().where('identity', 'in', part).execute()
    for (const row of rows) before.set(row.identity, { customerId: row.customer_id, why: row.why })
  }
  const inOrder = [...placed].sort(([one], [other]) => (one < other ? -1 : 1))
  const changed = inOrder.filter(([key, { customerId, why }]) => {
    const held = before.get(key)
    return held?.customerId !== customerId || held.why !== why
  })
  const rows = changed.map(([identity, { customerId, why }]) => ({
    ...{ identity, customer_id: customerId, why },
    first_seen_at: touched.get(identity) ?? 0,
  }))
  for (const part of parts(rows)) {
    await queries
      .insertInto('identities')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('identity').doUpdateSet((row) => ({
          customer_id: row.ref('excluded.customer_id'),
          why: row.ref('excluded.why'),
        })),
      )
      .execute()
  }
  return changed.flatMap(([identity, { customerId }]) => {
    const from = before.get(identity)?.customerId
    return from === customerId ? [] : [{ identity, from, to: customerId }]
  })
}

/** Users and addresses that aliases and addresses join with `start`, over any number of links that hold. */
async function joinedWith(queries: StateQueries, start: readonly string[]) {
  const identities = new Set(start)
  const links = new Map<string, Link>()
  for (let frontier = [...start]; frontier.length > 0; ) {
    const next = new Set<string>()
    for (const part of parts(frontier)) {
      const rows = await queries
        .selectFrom('identity_links')
        .select(['link', 'from_identity', 'to_identity', 'reason'])
        .where((is) => is.or([is('from_identity', 'in', part), is('to_identity', 'in', part)]))
        .where('reason', 'in', ['alias', 'email'])
        .where('severed_at', 'is', null)
        .execute()
      for (const { link, from_identity, to_identity, reason } of rows) {
        const ends = { from: identityOf(from_identity), to: identityOf(to_identity) }
        links.set(link, { ...ends, reason: reason as LinkReason })
        for (const key of [from_identity, to_identity]) if (!identities.has(key)) next.add(key)
      }
    }
    for (const key of next) identities.add(key)
    frontier = [...next]
  }
  return { identities, links: [...links.values()] }
}

/** Links of browsers and devices (`from`) with users (`to`) that hold; `wanted` is the other end than `keys`. */
async function linkedWith(queries: StateQueries, keys: readonly string[], wanted: 'from_identity' | 'to_identity') {
  const given = wanted === 'from_identity' ? 'to_identity' : 'from_identity'
  const found: { readonly from: string; readonly to: string }[] = []
  for (const part of parts(keys)) {
    const rows = await queries
      .selectFrom('identity_links')
      .select(['from_identity', 'to_identity'])
      .where(given, 'in', part)
      .where('reason', '=', 'together')
      .where('severed_at', 'is', null)
      .execute()
    for (const { from_identity, to_identity } of rows) found.push({ from: from_identity, to: to_identity })
  }
  return found
}

async function customersOf(queries: StateQueries, users: ReadonlySet<string>): Promise<Map<string, string>> {
  const customers = new Map<string, string>()
  for (const part of parts([...users])) {
    const rows = await queries
      .selectFrom('identities')
      .select(['identity', 'customer_id'])
      .where('identity', 'in', part)
      .execute()
    for (const { identity, customer_id } of rows) customers.set(identity, customer_id)
  }
  return customers
}

/** Of a size that both databases bind in one statement. */
function* parts<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += 500) yield items.slice(start, start + 500)
}
