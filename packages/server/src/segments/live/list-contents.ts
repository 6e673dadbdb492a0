import { createHash } from 'node:crypto'

/** Who is in each list that somebody keeps, by the list's id. */
export class ListContents {
  private readonly lists = new Map<string, Set<string>>()
  /** Of lists that nobody changed since. */
  private readonly digests = new Map<string, string>()

  constructor(lists: ReadonlyMap<string, Iterable<string>> = new Map()) {
    for (const [segment, customers] of lists) this.lists.set(segment, new Set(customers))
  }

  isListed(segment: string, customer: string): boolean {
    return this.lists.get(segment)?.has(customer) ?? false
  }

  customersOf(segment: string): ReadonlySet<string> {
    return this.lists.get(segment) ?? new Set()
  }

  /** Puts a list in place of the one before. @returns who came and who left, in order of their ids */
  replace(segment: string, customers: Iterable<string>): readonly string[] {
    const before = this.customersOf(segment)
    const now = new Set(customers)
    this.lists.set(segment, now)
    this.digests.delete(segment)
    return [...now]
      .filter((customer) => !before.has(customer))
      .concat([...before].filter((one) => !now.has(one)))
      .sort()
  }

  remove(customer: string): void {
    for (const [segment, list] of this.lists) if (list.delete(customer)) this.digests.delete(segment)
  }

  /** Tells contents apart. */
  digest(segment: string): string {
    const known = this.digests.get(segment)
    if (known !== undefined) return known
    const digest = listDigest(this.customersOf(segment))
    this.digests.set(segment, digest)
    return digest
  }
}

/** Tells contents of lists apart, whatever their order. */
export function listDigest(customers: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const customer of [...new Set(customers)].sort()) hash.update(`${customer.length}:${customer}`)
  return hash.digest('base64url')
}
