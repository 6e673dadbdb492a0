/** What a customer is known by, without what others are known by too: a family's tablet, an office's address. */
export interface Person {
  readonly customerId: string
  /**
   * Keys of their identities: `user:42`, `anonymous:8f3c`, `device:…`, `email:ann@example.org` (small letters),
   * `phone:+49301234` (digits, with the plus where it has one).
   */
  readonly keys: readonly string[]
}

/** The values of one kind. */
export const valuesOf = ({ keys }: Person, kind: string): string[] =>
  keys.flatMap((key) => (key.startsWith(`${kind}:`) ? [key.slice(kind.length + 1)] : []))

/** The ids as events, orders and imports carry them, the customer's own among them. */
export const receivedIdsOfPerson = (person: Person): string[] => [
  ...new Set([
    person.customerId,
    ...valuesOf(person, 'user'),
    ...valuesOf(person, 'anonymous').map((id) => `anonymous:${id}`),
  ]),
]

/** An address as it is compared. */
export const emailKey = (email: string): string => `email:${email.trim().toLowerCase()}`

/** A number as it is compared; undefined for what is too short to be one person's. */
export function phoneKey(phone: string): string | undefined {
  const digits = phone.replace(/[^\d+]/g, '')
  return digits.length < leastDigits ? undefined : `phone:${digits}`
}

const leastDigits = 7
