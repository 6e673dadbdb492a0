import { memoryStore, type Store } from './store.ts'
import { uuid } from './uuid.ts'

/** A session ends when nothing happened for so long, as in other analytics. */
export const sessionIdleMs = 1_800_000
/** The time of the last event is written no more often than this. */
const sessionStepMs = 5000

const names = ['anonymous_id', 'user_id', 'group_id', 'session'] as const

function forget(store: Store): void {
  for (const name of names) store.write(name, '')
}

/**
 * Who this visitor is. Read from the store each time, so that every open tab knows at once who logged in or out.
 *
 * Begins in the page's memory, and moves to the lasting store when that is allowed.
 */
export class Identity {
  #store = memoryStore()

  /**
   * Goes on in another store. Leaving the lasting store, nothing stays there. An anonymous id and session that the new
   * store already has are kept: the visitor was known before this page asked.
   */
  moveTo(store: Store): void {
    if (store === this.#store) return
    const former = this.#store
    const [user, userThere] = [former.read('user_id'), store.read('user_id')]
    if (user !== undefined && userThere !== undefined && user !== userThere) forget(store)
    for (const name of names) {
      const text = former.read(name)
      const isKnownThere = (name === 'anonymous_id' || name === 'session') && store.read(name) !== undefined
      if (text !== undefined && !isKnownThere) store.write(name, text)
      former.write(name, '')
    }
    this.#store = store
  }

  anonymousId(): string {
    return this.#store.read('anonymous_id') ?? this.#renewAnonymousId()
  }

  userId(): string | undefined {
    return this.#store.read('user_id')
  }

  groupId(): string | undefined {
    return this.#store.read('group_id')
  }

  /** Another person than before on this device gets another anonymous id, or the two would become one customer. */
  setUserId(userId: string): void {
    const former = this.userId()
    if (former !== undefined && former !== userId) this.reset()
    this.#store.write('user_id', userId)
  }

  setGroupId(groupId: string): void {
    this.#store.write('group_id', groupId)
  }

  /** The session of an event that happens now; a new one after half an hour without any. */
  sessionId(now: number): string {
    const [id, last] = (this.#store.read('session') ?? '').split('.')
    const age = now - Number(last)
    const isOver = id === undefined || id === '' || !(age < sessionIdleMs)
    const session = isOver ? uuid() : id
    // A clock that was set back also restarts the time.
    if (isOver || age > sessionStepMs || age < 0) this.#store.write('session', `${session}.${now}`)
    return session
  }

  /** Forgets who it was and begins as somebody new. */
  reset(): void {
    forget(this.#store)
    this.#renewAnonymousId()
  }

  /** Writes everything again, so that a cookie's time begins anew with each visit. */
  keepAlive(): void {
    for (const name of names) this.#store.write(name, this.#store.read(name) ?? '')
  }

  #renewAnonymousId(): string {
    const id = uuid()
    this.#store.write('anonymous_id', id)
    return id
  }
}
