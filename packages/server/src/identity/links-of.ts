import type { Identity, Link } from './identity.ts'

/** What an event of the log says of who did it. */
export interface IdentifyingEvent {
  readonly call: string
  readonly userId: string | null
  readonly anonymousId: string | null
  /** The earlier id of an alias. */
  readonly previousId: string | null
  /** Traits of an identify call, as JSON. */
  readonly traits: string | null
  readonly deviceId: string | null
}

/** The identities that an event names, and those that it shows together. */
export function linksOf(event: IdentifyingEvent): { readonly identities: Identity[]; readonly links: Link[] } {
  const user = identity('user', event.userId)
  const others = [identity('anonymous', event.anonymousId), identity('device', event.deviceId)].filter(isThere)
  const identities = [...(user ? [user] : []), ...others]
  if (!user) return { identities, links: [] }
  const links: Link[] = others.map((other) => ({ from: other, to: user, reason: 'together' }))
  const email = event.call === 'identify' ? verifiedEmail(event.traits) : null
  if (email !== null) links.push({ from: user, to: { kind: 'email', value: email }, reason: 'email' })
  // Senders put either kind of id there: a user's of before, or a browser's.
  const [before, browser] = [identity('user', event.previousId), identity('anonymous', event.previousId)]
  if (event.call === 'alias' && before && browser && before.value !== user.value) {
    links.push({ from: before, to: user, reason: 'alias' }, { from: browser, to: user, reason: 'together' })
  }
  return { identities, links }
}

/** As long as the wire takes ids. What is longer is no device and no address, and an index of PostgreSQL cannot hold it. */
const longest = 512

/** Neither database keeps a text with NUL in it whole: cut off there, it would be somebody else's id. */
const canBeKept = (value: string): boolean => value.length <= longest && !value.includes('\0')

const identity = (kind: Identity['kind'], value: string | null): Identity | undefined =>
  value === null || !canBeKept(value) ? undefined : { kind, value }
const isThere = (identity: Identity | undefined): identity is Identity => identity !== undefined

/** An address counts as an identity only where the sender says that it was verified: anybody can type any address. */
function verifiedEmail(traits: string | null): string | null {
  if (traits === null) return null
  const { email, email_verified, emailVerified } = JSON.parse(traits) as Record<string, unknown>
  if (typeof email !== 'string' || !canBeKept(email) || !/^[^\s@]+@[^\s@]+$/.test(email.trim())) return null
  return email_verified === true || emailVerified === true ? email.trim().toLowerCase() : null
}
