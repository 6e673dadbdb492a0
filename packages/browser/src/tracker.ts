import { circumstancesOf, pageOf } from './circumstances.ts'
import { Consent, checkPreferences, consentEvent, type Preferences, readSignals } from './consent.ts'
import { Delivery } from './delivery.ts'
import { draftOf } from './draft.ts'
import type { Draft, Moment, Properties, TrackedEvent } from './event.ts'
import type { Report } from './fault.ts'
import { Identity } from './identity.ts'
import type { LoadOptions } from './options.ts'
import { watchPages } from './pages.ts'
import { bytesOf, Queue } from './queue.ts'
import { lastingStore, memoryStore, type Store } from './store.ts'
import { uuid } from './uuid.ts'

/** Segment's limit of one event; a test holds it to the protocol's. */
export const eventBytes = 32_768
const heldMax = 100

/** A call that waits for consent, with who made it by then. */
interface Held {
  readonly draft: Draft
  readonly moment: Moment
  readonly anonymousId: string
  readonly userId: string | undefined
}

const warn: Report = ({ code, message, events }) => console.warn(`${code}: ${message}`, events)

/** What `load` starts: turns calls into events, puts ids and consent on them, and hands them to the queue. */
export class Tracker {
  readonly #options: LoadOptions
  readonly #report: Report
  readonly #lasting: Store
  /** Where ids are while nothing may be stored. */
  readonly #passing = memoryStore()
  readonly #consent: Consent
  readonly #identity = new Identity()
  readonly #queue: Queue
  readonly #delivery: Delivery
  #referrer = document.referrer
  #held: Held[] = []

  constructor(writeKey: string, options: LoadOptions) {
    this.#options = options
    this.#report = options.onError ?? warn
    this.#lasting = lastingStore(options.store ?? 'cookie', options.cookieDays ?? 365, options.cookieDomain)
    this.#consent = new Consent(this.#lasting, readSignals(), options.signals ?? {}, options.requireConsent ?? false)
    this.#queue = new Queue(writeKey, this.#report)
    const url = `${options.host.replace(/\/+$/, '')}/v1/batch`
    this.#delivery = new Delivery({ url, writeKey, delayMs: options.delayMs ?? 500 }, this.#queue, this.#report)
    this.#settle()
    this.#identity.keepAlive()
  }

  /** Begins to listen to the page. Apart from the constructor, so that calls made before come first. */
  start(): void {
    addEventListener('online', () => this.#delivery.retryNow())
    addEventListener('pagehide', () => {
      this.#delivery.leave()
      this.#queue.close()
    })
    addEventListener('pageshow', (event) => {
      if (event.persisted) this.#queue.reopen().then(() => this.#delivery.wake())
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#delivery.leave()
      else this.#delivery.wake()
    })
    watchPages(this.#options.pages ?? 'none', (previousUrl) => {
      this.#referrer = previousUrl ?? this.#referrer
      this.call('page', [], this.moment())
    })
    this.#delivery.flush()
  }

  moment(): Moment {
    return { at: Date.now(), url: location.href, title: document.title, referrer: this.#referrer }
  }

  /** One of the calls that make an event. What it cannot mean is reported, for a page must not break over it. */
  call(type: Draft['type'], given: readonly unknown[], moment: Moment): void {
    this.#guarded(() => {
      const collection = this.#settle()
      const draft = draftOf(type, given)
      this.#learn(draft)
      if (collection === 'denied') return
      const held = {
        draft,
        moment,
        anonymousId: this.#identity.anonymousId(),
        userId: this.#identity.userId(),
      }
      if (collection === 'allowed') this.#queueUp(held)
      else if (this.#options.beforeConsent !== 'drop') this.#hold(held)
    })
  }

  /** What the visitor decided: kept, sent, and put on every later event. */
  consent(given: unknown, proof: unknown, moment: Moment): void {
    this.#guarded(() => {
      const preferences = checkPreferences(given)
      const draft = draftOf('track', [consentEvent, proof])
      this.#settle()
      this.#consent.decide(preferences)
      // Granted, the ids move to where they last before they are sent; denied, they are sent before they are forgotten.
      const collection = this.#consent.collection()
      if (collection === 'allowed') this.#move(this.#lasting)
      this.#queueUp({ draft, moment, anonymousId: this.#identity.anonymousId(), userId: this.#identity.userId() })
      this.#settle()
      if (collection === 'denied') this.#delivery.flush()
    })
  }

  /** Forgets who it was, but not what the visitor of this browser decided. */
  reset(): void {
    this.#settle()
    this.#identity.reset()
  }

  flush(): Promise<void> {
    this.#settle()
    return this.#delivery.flush()
  }

  anonymousId(): string {
    this.#settle()
    return this.#identity.anonymousId()
  }

  userId(): string | undefined {
    this.#settle()
    return this.#identity.userId()
  }

  preferences(): Preferences {
    return this.#consent.preferences()
  }

  /** Brings ids, queue and held events to where consent wants them now; another tab may have changed it. */
  #settle(): ReturnType<Consent['collection']> {
    const collection = this.#consent.collection()
    if (collection === 'allowed') {
      this.#move(this.#lasting)
      if (this.#options.store !== 'memory') this.#queue.keep()
      for (const held of this.#held.splice(0)) this.#queueUp(held)
    } else this.#move(this.#passing)
    if (collection === 'denied') this.#held = []
    return collection
  }

  #move(store: Store): void {
    const before = this.#held.length > 0 ? this.#identity.anonymousId() : undefined
    this.#identity.moveTo(store)
    if (before === undefined) return
    // The browser was known already: what was held under the passing id belongs to the known one.
    const known = this.#identity.anonymousId()
    this.#held = this.#held.map((held) => (held.anonymousId === before ? { ...held, anonymousId: known } : held))
  }

  #learn({ type, fields }: Draft): void {
    if (type === 'identify' && fields['userId'] !== undefined) this.#identity.setUserId(String(fields['userId']))
    if (type === 'group') this.#identity.setGroupId(String(fields['groupId']))
  }

  #hold(held: Held): void {
    this.#held.push(held)
    if (this.#held.length <= heldMax) return
    const events = [this.#eventOf(this.#held.shift()!)]
    this.#report({ code: 'browser.overflow', message: `at most ${heldMax} events may wait for consent`, events })
  }

  #queueUp(held: Held): void {
    const made = this.#eventOf(held)
    const event = this.#options.beforeQueue ? this.#options.beforeQueue(made) : made
    if (event === undefined) return
    const json = JSON.stringify(event)
    const bytes = bytesOf(json)
    if (bytes > eventBytes) {
      const message = `an event must have at most ${eventBytes} bytes, got ${bytes}`
      this.#report({ code: 'browser.too-large', message, events: [event] })
      return
    }
    this.#queue.add(json)
    this.#delivery.wake()
  }

  #eventOf({ draft, moment, anonymousId, userId }: Held): TrackedEvent {
    const { type, fields, options } = draft
    const withAds = this.#consent.preferences()['marketing.ads'] !== false
    const consent = this.#consent.stamp()
    const groupId = this.#identity.groupId()
    return {
      type,
      messageId: options.messageId ?? uuid(),
      anonymousId,
      ...(userId === undefined ? {} : { userId }),
      ...(type === 'alias' ? { previousId: anonymousId } : {}),
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
      ...(type === 'page'
        ? { properties: { ...pageOf(moment, withAds), ...(fields['properties'] as Properties) } }
        : {}),
      timestamp: new Date(options.timestamp ?? moment.at).toISOString(),
      ...(options.integrations === undefined ? {} : { integrations: options.integrations }),
      context: {
        ...circumstancesOf(moment, withAds),
        sessionId: this.#identity.sessionId(Date.now()),
        ...(groupId === undefined ? {} : { groupId }),
        ...options.context,
        ...(consent === undefined ? {} : { consent }),
      },
    }
  }

  #guarded(call: () => void): void {
    try {
      call()
    } catch (cause) {
      this.#report({
        code: 'browser.invalid',
        message: cause instanceof Error ? cause.message : `${cause}`,
        events: [],
      })
    }
  }
}
