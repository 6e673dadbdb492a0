import { createHash } from 'node:crypto'

/** Whom ids on lists name. */
export interface ListNames {
  /** The customer whom an id names by now; null where they may not be in segments. */
  customerOf(id: string): string | null
  /** All ids by which a customer is known, their own among them. */
  idsOf(customer: string): readonly string[]
}

/** Where nobody is known by another id. */
const themselves: ListNames = { customerOf: (id) => id, idsOf: (customer) => [customer] }

/**
 * Which ids are on each list that somebody keeps, by the list's id. A customer is on it whom one of them names by now: whoever
 * was joined with somebody on a list is on it, and is not any more when they are parted.
 */
export class ListContents {
  private readonly lists = new Map<string, Set<string>>()
  private readonly names: ListNames
  /** Of lists that nobody changed since. */
  private readonly digests = new Map<string, string>()

  constructor(lists: ReadonlyMap<string, Iterable<string>> = new Map(), names = themselves) {
    this.names = names
    for (const [segment, ids] of lists) this.lists.set(segment, new Set(ids))
  }

  isListed(segment: string, customer: string): boolean {
    const ids = this.lists.get(segment)
    return ids !== undefined && ids.size > 0 && this.names.idsOf(customer).some((id) => ids.has(id))
  }

  /** Whether a customer is on any list. */
  isOnAny(customer: string): boolean {
    const ids = this.names.idsOf(customer)
    for (const list of this.lists.values()) if (ids.some((id) => list.has(id))) return true
    return false
  }

  /** Everybody whom a list names and who may be in segments. */
  customers(): ReadonlySet<string> {
    const named = new Set<string>()
    for (const ids of this.lists.values()) for (const customer of this.namedBy(ids)) named.add(customer)
    return named
  }

  /** Puts a list in place of the one before. @returns whom this may have brought in or out, in order of their ids */
  replace(segment: string, ids: Iterable<string>): readonly string[] {
    const before = this.idsOn(segment)
    const after = new Set(ids)
    this.lists.set(segment, after)
    this.digests.delete(segment)
    const changed = [...after].filter((id) => !before.has(id)).concat([...before].filter((id) => !after.has(id)))
    return [...new Set(this.namedBy(changed))].sort()
  }

  remove(id: string): void {
    for (const [segment, list] of this.lists) if (list.delete(id)) this.digests.delete(segment)
  }

  /** Tells contents apart. */
  digest(segment: string): string {
    const known = this.digests.get(segment)
    if (known !== undefined) return known
    const digest = listDigest(this.idsOn(segment))
    this.digests.set(segment, digest)
    return digest
  }

  private idsOn(segment: string): ReadonlySet<string> {
    return this.lists.get(segment) ?? new Set()
  }

  private *namedBy(ids: Iterable<string>): Generator<string> {
    for (const id of ids) {
      const customer = this.names.customerOf(id)
      if (customer !== null) yield customer
    }
  }
}

/** Tells contents of lists apart, whatever their order. */
export function listDigest(ids: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const id of [...new Set(ids)].sort()) hash.update(`${id.length}:${id}`)
  return hash.digest('base64url')
}
