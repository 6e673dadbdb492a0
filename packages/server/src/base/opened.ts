/** What was opened, to be closed again: the last one first. */
export class Opened {
  readonly #onFailure: (error: unknown, what: string) => void
  readonly #closers: { readonly what: string; readonly close: () => unknown }[] = []

  /** @param onFailure told of what could not be closed; the others are closed all the same */
  constructor(onFailure: (error: unknown, what: string) => void) {
    this.#onFailure = onFailure
  }

  /** @param what is closed, in words, for `onFailure` */
  add(what: string, close: () => unknown): void {
    this.#closers.push({ what, close })
  }

  async close(): Promise<void> {
    for (let last = this.#closers.pop(); last; last = this.#closers.pop()) {
      try {
        await last.close()
      } catch (error) {
        this.#onFailure(error, last.what)
      }
    }
  }
}
