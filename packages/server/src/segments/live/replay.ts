import type { Instant } from '../../base/index.ts'
import type { Movement } from './movement.ts'

/** A movement without its number. */
export type Unnumbered = Omit<Movement, 'sequence' | 'version'>

/**
 * What comes again after a restart, held against what was told before it.
 *
 * The same facts at the same moments give the same movements, so what was told comes first and what is left was not told.
 * Where something became known at another moment than before the stop (a customer who was rebuilt meanwhile), the two part:
 * then what was told stands, and whoever is elsewhere by now moves once more.
 */
export class Replay {
  private readonly told = new Map<string, Movement[]>()
  private readonly again = new Map<string, Unnumbered[]>()
  private readonly order: Unnumbered[] = []

  constructor(told: readonly Movement[]) {
    for (const movement of told) if (movement.customer !== '') append(this.told, keyOf(movement), movement)
  }

  note(movement: Unnumbered): void {
    append(this.again, keyOf(movement), movement)
    this.order.push(movement)
  }

  /** What was not told yet, in order. @param isIn whether somebody is in a segment now @param now where the replay ends */
  end(isIn: (segment: string, customer: string) => boolean, now: Instant): readonly Unnumbered[] {
    const parted = new Set<string>()
    const known = new Set<Unnumbered>()
    const corrections: Unnumbered[] = []
    for (const [key, told] of this.told) {
      const again = this.again.get(key) ?? []
      const isSame = told.every(({ at, isEntry }, place) => again[place]?.at === at && again[place].isEntry === isEntry)
      if (isSame) for (const movement of again.slice(0, told.length)) known.add(movement)
      else {
        parted.add(key)
        const { segment, customer, isEntry } = told.at(-1)!
        if (isIn(segment, customer) === isEntry) continue
        const reason = again.at(-1)?.reason ?? { because: 'event', clauses: [] }
        corrections.push({ segment, customer, at: now, isEntry: !isEntry, reason })
      }
    }
    return [...this.order.filter((one) => !known.has(one) && !parted.has(keyOf(one))), ...corrections]
  }
}

const keyOf = ({ segment, customer }: Pick<Movement, 'segment' | 'customer'>): string => `${segment} ${customer}`

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
