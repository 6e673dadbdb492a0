/** Pairs that are remembered at once, twice over: some 20 MB at most. */
const mostPairs = 50_000
/** What one id may have come with: a user of more browsers than that is none. */
const mostOfOne = 200

/** One partner is most often all there is: that alone is no set. */
type Partners = Map<string, string | Set<string>>

/**
 * Which ids came together in one event lately: the map of identities follows the log a moment later, and who refuses in
 * that moment refuses under both.
 *
 * Kept in two ages, of which the elder is forgotten as a whole: no pair costs a timer or a place in a queue, and none that
 * is known already costs anything.
 */
export class LatelyTogether {
  readonly #keepMs: number
  #young: Partners = new Map()
  #old: Partners = new Map()
  #pairs = 0
  #youngSince = 0

  /** @param keepMs a pair is remembered that long, and at most twice as long */
  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  /** @returns whether that is news */
  see(one: string, other: string, at: number): boolean {
    if (areTogether(this.#young, one, other)) return false
    if (this.#pairs >= mostPairs || at - this.#youngSince >= this.#keepMs) this.#age(at)
    const isNews = !areTogether(this.#old, one, other)
    add(this.#young, one, other)
    add(this.#young, other, one)
    this.#pairs += 1
    return isNews
  }

  /**
   * The ids that belong to these by what came lately: users whom an alias joined, and the browsers of these users. As in
   * the map of identities, a browser that came with somebody else too is shared, and belongs to neither.
   */
  groupOf(ids: Iterable<string>): Set<string> {
    const group = new Set(ids)
    // A set is walked to its end also where it grows meanwhile.
    for (const id of group) {
      const users = [...this.#partnersOf(id)].filter((partner) => !isBrowser(partner))
      if (!isBrowser(id) || users.length === 1) for (const user of users) group.add(user)
    }
    for (const id of [...group].filter((id) => !isBrowser(id))) {
      for (const partner of this.#partnersOf(id)) {
        if (isBrowser(partner) && [...this.#partnersOf(partner)].every((user) => group.has(user))) group.add(partner)
      }
    }
    return group
  }

  #partnersOf(id: string): Set<string> {
    return new Set([...partnersIn(this.#young, id), ...partnersIn(this.#old, id)])
  }

  #age(at: number): void {
    this.#old = at - this.#youngSince < 2 * this.#keepMs ? this.#young : new Map()
    this.#young = new Map()
    this.#pairs = 0
    this.#youngSince = at
  }
}

export const isBrowser = (receivedId: string): boolean => receivedId.startsWith('anonymous:')

function areTogether(partners: Partners, id: string, other: string): boolean {
  const held = partners.get(id)
  return typeof held === 'string' ? held === other : (held?.has(other) ?? false)
}

function partnersIn(partners: Partners, id: string): Iterable<string> {
  const held = partners.get(id) ?? []
  return typeof held === 'string' ? [held] : held
}

function add(partners: Partners, id: string, other: string): void {
  const held = partners.get(id)
  if (held === undefined) partners.set(id, other)
  else if (typeof held !== 'string') {
    if (held.size < mostOfOne) held.add(other)
  } else if (held !== other) partners.set(id, new Set([held, other]))
}
