/** Who was erased while many are looked at: whoever was named before must not be looked at after. */
export class ErasedMeanwhile {
  private readonly ids = new Set<string>()
  private looks = 0

  note(id: string): void {
    if (this.looks > 0) this.ids.add(id)
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  async during(look: () => Promise<void>): Promise<void> {
    this.looks += 1
    try {
      await look()
    } finally {
      this.looks -= 1
      if (this.looks === 0) this.ids.clear()
    }
  }
}
