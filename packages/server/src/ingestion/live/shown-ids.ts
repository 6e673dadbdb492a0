import type { LiveEvent } from './live-event.ts'

/**
 * Which ids events have shown together lately: identity need not look at the next one that shows the same. Of each user,
 * and of each browser without one, the last companions are remembered.
 */
export class ShownIds {
  readonly #most: number
  readonly #ofUser = new Map<string, string>()
  readonly #ofBrowser = new Map<string, string>()

  /** @param most users and browsers to remember; beyond that all are forgotten */
  constructor(most: number) {
    this.#most = most
  }

  /** Whether an event just before showed what this one shows. Calls that say more of ids than an event does never do. */
  repeats(event: LiveEvent): boolean {
    if (saysMore(event)) return false
    const { userId, anonymousId } = event
    const companions = userId === null ? this.#ofBrowser.get(anonymousId ?? '') : this.#ofUser.get(userId)
    return companions === companionsOf(event)
  }

  add(event: LiveEvent): void {
    if (saysMore(event)) return
    if (this.#ofUser.size + this.#ofBrowser.size >= this.#most) this.clear()
    const { userId, anonymousId } = event
    if (userId === null) this.#ofBrowser.set(anonymousId ?? '', companionsOf(event))
    else this.#ofUser.set(userId, companionsOf(event))
  }

  clear(): void {
    this.#ofUser.clear()
    this.#ofBrowser.clear()
  }
}

const saysMore = ({ call }: LiveEvent): boolean => call === 'identify' || call === 'alias' || call === 'group'

const companionsOf = ({ anonymousId, deviceId }: LiveEvent): string =>
  deviceId === null ? (anonymousId ?? '') : `${anonymousId ?? ''}\0${deviceId}`
