/** Union-find over text keys. */
export class DisjointSets {
  readonly #parent = new Map<string, string>()

  add(key: string): void {
    if (!this.#parent.has(key)) this.#parent.set(key, key)
  }

  /** The key that stands for the set of `key`. */
  find(key: string): string {
    let root = key
    for (let next = this.#parent.get(root); next !== undefined && next !== root; next = this.#parent.get(root))
      root = next
    // Every key on the way points at the root from now on.
    for (let step = key; step !== root; ) {
      const next = this.#parent.get(step)!
      this.#parent.set(step, root)
      step = next
    }
    return root
  }

  join(one: string, other: string): void {
    this.add(one)
    this.add(other)
    const [a, b] = [this.find(one), this.find(other)]
    if (a === b) return
    // The smaller key stands for both, so that the order of joins does not show.
    if (a < b) this.#parent.set(b, a)
    else this.#parent.set(a, b)
  }

  /** Every set, by the key that stands for it. */
  sets(): Map<string, string[]> {
    const sets = new Map<string, string[]>()
    for (const key of this.#parent.keys()) {
      const root = this.find(key)
      const set = sets.get(root)
      if (set) set.push(key)
      else sets.set(root, [key])
    }
    return sets
  }
}
