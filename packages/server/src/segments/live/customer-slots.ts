/**
 * Customers by small numbers, so that who is in a segment takes a bit each. Numbers are given in the order in which
 * customers appear and never again, so that every run over the same events gives the same ones.
 */
export class CustomerSlots {
  private readonly slots = new Map<string, number>()
  /** '' where nobody is. */
  private readonly ids: string[]

  /** @param ids by their numbers, as `all` gave them */
  constructor(ids: readonly string[] = []) {
    this.ids = [...ids]
    ids.forEach((id, slot) => {
      if (id !== '') this.slots.set(id, slot)
    })
  }

  get size(): number {
    return this.slots.size
  }

  get all(): readonly string[] {
    return this.ids
  }

  find(customer: string): number | undefined {
    return this.slots.get(customer)
  }

  /** The customer's number; one who is new gets the next. */
  add(customer: string): number {
    const found = this.slots.get(customer)
    if (found !== undefined) return found
    const slot = this.ids.push(customer) - 1
    this.slots.set(customer, slot)
    return slot
  }

  remove(customer: string): void {
    const slot = this.slots.get(customer)
    if (slot === undefined) return
    this.slots.delete(customer)
    this.ids[slot] = ''
  }

  idOf(slot: number): string {
    return this.ids[slot]!
  }
}
