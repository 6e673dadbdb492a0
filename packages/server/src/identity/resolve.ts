import { DisjointSets } from './disjoint-sets.ts'
import { identityOf, keyOf, type Link } from './identity.ts'

/** When identities stop counting as one person's. */
export interface IdentityLimits {
  /** An address that more users than this have verified is shared, and joins none of them. Default 2. */
  readonly usersOfEmail: number
  /** Where addresses would join more users than this, they join none; what the sender said itself still does. Default 5. */
  readonly usersOfCustomer: number
}

export const defaultLimits: IdentityLimits = { usersOfEmail: 2, usersOfCustomer: 5 }

/** Who an identity belongs to, and in words why. */
export interface Belonging {
  readonly customerId: string
  readonly why: string
}

/**
 * Tells which identities are one customer. The result depends on the set of links only, never on their order:
 *
 * 1. An alias joins two users: the sender said that they are one.
 * 2. A verified address joins the users that have it, within the limits.
 * 3. The id of a browser or device goes to the one customer whose users it was seen with. Seen with two customers it is
 *    shared, and belongs to neither: it joins nobody, and what it did without a user stays its own.
 *
 * A customer with users is called by the user that no alias replaced (of several, the first in the alphabet), any other
 * by `anonymous:` or `device:` and the id.
 *
 * @param identities every identity to place, linked or not
 * @param links without those that were severed
 * @returns for every identity, by key
 */
export function resolve(
  identities: Iterable<string>,
  links: readonly Link[],
  limits: IdentityLimits = defaultLimits,
): Map<string, Belonging> {
  const keys = new Set(identities)
  for (const { from, to } of links) keys.add(keyOf(from)).add(keyOf(to))
  const people = joinUsers(
    [...keys].filter((key) => identityOf(key).kind === 'user'),
    links,
    limits,
  )
  const names = new Map([...people.sets()].map(([root, users]) => [root, nameOf(users, links)]))
  const customerOfUser = (user: string): string => names.get(people.find(user))!
  const seenWith = usersSeenWith(links)
  const belongings = new Map<string, Belonging>()
  for (const key of keys) {
    const identity = identityOf(key)
    if (identity.kind === 'user') {
      belongings.set(key, { customerId: customerOfUser(key), why: whyUser(key, customerOfUser(key)) })
      continue
    }
    const customers = new Set([...(seenWith.get(key) ?? [])].map(customerOfUser))
    belongings.set(key, belongingOf(key, customers))
  }
  return belongings
}

/** Where the id of a browser, a device or an address belongs that was seen with these customers. */
export function belongingOf(key: string, customers: ReadonlySet<string>): Belonging {
  const [only] = customers
  if (customers.size === 1) return { customerId: only!, why: `seen with customer ${only} only` }
  return {
    customerId: key,
    why: customers.size === 0 ? 'seen with nobody known' : `shared by ${customers.size} customers`,
  }
}

function joinUsers(users: readonly string[], links: readonly Link[], limits: IdentityLimits): DisjointSets {
  const said = new DisjointSets()
  for (const user of users) said.add(user)
  for (const { from, to, reason } of links) {
    if (reason === 'alias' && from.kind === 'user' && to.kind === 'user') said.join(keyOf(from), keyOf(to))
  }
  const usersOf = new Map<string, Set<string>>()
  for (const { from, to, reason } of links) {
    if (reason !== 'email') continue
    const [user, email] = from.kind === 'user' ? [from, to] : [to, from]
    const set = usersOf.get(keyOf(email)) ?? new Set()
    usersOf.set(keyOf(email), set.add(keyOf(user)))
  }
  const joinable = [...usersOf.values()].map((set) => [...set]).filter((set) => set.length <= limits.usersOfEmail)
  const tried = copyOf(said)
  for (const [first, ...others] of joinable) for (const other of others) tried.join(first!, other)
  const tooMany = new Set<string>()
  for (const [root, set] of tried.sets()) if (set.length > limits.usersOfCustomer) tooMany.add(root)
  for (const [first, ...others] of joinable) {
    if (tooMany.has(tried.find(first!))) continue
    for (const other of others) said.join(first!, other)
  }
  return said
}

function copyOf(sets: DisjointSets): DisjointSets {
  const copy = new DisjointSets()
  for (const [root, keys] of sets.sets()) for (const key of keys) copy.join(root, key)
  return copy
}

/** The user that stays: one that no alias replaced, the first of several; in a ring of aliases the first of all. */
function nameOf(users: readonly string[], links: readonly Link[]): string {
  const replaced = new Set(links.filter(({ reason }) => reason === 'alias').map(({ from }) => keyOf(from)))
  const staying = users.filter((user) => !replaced.has(user))
  const [first] = (staying.length > 0 ? staying : [...users]).sort()
  return identityOf(first!).value
}

function usersSeenWith(links: readonly Link[]): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>()
  const note = (key: string, user: string): void => {
    const users = seen.get(key) ?? new Set()
    seen.set(key, users.add(user))
  }
  for (const { from, to } of links) {
    if (from.kind === 'user' && to.kind !== 'user') note(keyOf(to), keyOf(from))
    if (to.kind === 'user' && from.kind !== 'user') note(keyOf(from), keyOf(to))
  }
  return seen
}

const whyUser = (key: string, customerId: string): string =>
  key === `user:${customerId}`
    ? 'the id that the customer is called by'
    : `joined to ${customerId} by an alias or an address`
