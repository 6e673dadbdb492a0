import { hash } from 'node:crypto'

/**
 * What somebody can be known by. `user`: the id that the shop gives to its customers. `email`: an address that was
 * verified. `anonymous`: the id of a browser or an app before anybody signed in. `device`: the id of a device.
 */
export type IdentityKind = 'user' | 'email' | 'anonymous' | 'device'

export interface Identity {
  readonly kind: IdentityKind
  readonly value: string
}

/** `user:42`: an identity as a key of maps; the kind holds no colon, so it is one-to-one. */
export const keyOf = ({ kind, value }: Identity): string => `${kind}:${value}`

export function identityOf(key: string): Identity {
  const colon = key.indexOf(':')
  return { kind: key.slice(0, colon) as IdentityKind, value: key.slice(colon + 1) }
}

/** The id as events carry it: a user's own, and a key for every other kind. */
export const receivedIdOf = (key: string): string => (key.startsWith('user:') ? key.slice('user:'.length) : key)

/**
 * Why two identities belong together. `alias`: the sender said so. `together`: they came in one event. `email`: a
 * verified address of that user.
 */
export type LinkReason = 'alias' | 'together' | 'email'

/** Two identities that an event showed together; of an alias, `from` is the earlier id and `to` the one that stays. */
export interface Link {
  readonly from: Identity
  readonly to: Identity
  readonly reason: LinkReason
}

/** A link by its content: the same link seen again is no new one. */
export const linkKey = ({ from, to, reason }: Link): string => JSON.stringify([reason, keyOf(from), keyOf(to)])

/** The key as it is stored: two ids may be longer together than an index of PostgreSQL can hold. */
export const storedLinkKey = (link: Link): string => hash('sha256', linkKey(link), 'base64url')
