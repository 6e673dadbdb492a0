import { type CommerceProperties, commerceEvents } from './commerce.ts'
import type { Preferences } from './consent.ts'
import type { CallOptions, Moment, Properties } from './event.ts'
import type { LoadOptions } from './options.ts'
import { Tracker } from './tracker.ts'

/** The calls of Segment's e-commerce spec: `analytics.productViewed({ product_id: 'p1', price: 9.9 })`. */
export type CommerceCalls = {
  readonly [Name in keyof CommerceProperties]: (properties: CommerceProperties[Name], options?: CallOptions) => void
}

/** What a page calls. Calls before `load` wait for it; none of them throws. */
export interface Analytics extends CommerceCalls {
  /** Starts collecting. Once: a second call is reported and changes nothing. */
  load(writeKey: string, options: LoadOptions): void
  /** Something that somebody did. */
  track(event: string, properties?: Properties, options?: CallOptions): void
  /** Who the visitor is. Traits are sent, never stored in the browser. */
  identify(userId: string | number, traits?: Properties, options?: CallOptions): void
  identify(traits: Properties, options?: CallOptions): void
  /** The page that is being looked at; its address, title and referrer are added. */
  page(category: string, name: string, properties?: Properties, options?: CallOptions): void
  page(name: string, properties?: Properties, options?: CallOptions): void
  page(properties?: Properties, options?: CallOptions): void
  /** The company, household or team that the visitor belongs to. */
  group(groupId: string | number, traits?: Properties, options?: CallOptions): void
  /** Two ids of one person; without `previousId` the anonymous id of this browser. */
  alias(userId: string | number, previousId?: string | number, options?: CallOptions): void
  /** What the visitor decided. `proof` goes along: the version of the text that was shown, where it was shown. */
  consent(preferences: Preferences, proof?: Properties): void
  /** The visitor logs out: another anonymous id and session, no user and group. Consent stays. */
  reset(): void
  /** Sends what waits. Settles when it is sent, or has to wait for the network or the server after all. */
  flush(): Promise<void>
  /** Undefined before `load`. */
  anonymousId(): string | undefined
  userId(): string | undefined
  /** What holds now by the visitor's decision and the browser's signals; undefined before `load`. */
  preferences(): Preferences | undefined
}

/** A call that was made before it could be answered, as the snippet of the README writes it down. */
export type EarlyCall = readonly [
  name: string,
  given: readonly unknown[],
  at: number,
  url: string,
  title: string,
  referrer: string,
]

const earlyMax = 1000

type Respond = (tracker: Tracker, given: readonly unknown[], moment: Moment) => void

const responses: { readonly [name: string]: Respond } = {
  consent: (tracker, [preferences, proof], moment) => tracker.consent(preferences, proof, moment),
  reset: (tracker) => tracker.reset(),
  flush: (tracker) => void tracker.flush(),
  ...Object.fromEntries(
    (['track', 'identify', 'page', 'group', 'alias'] as const).map((type): [string, Respond] => [
      type,
      (tracker, given, moment) => tracker.call(type, given, moment),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(commerceEvents).map(([name, event]): [string, Respond] => [
      name,
      (tracker, given, moment) => tracker.call('track', [event, ...given], moment),
    ]),
  ),
}

/**
 * An instance that is not loaded yet.
 *
 * @param early calls that were made before this script was there; a `load` among them loads it
 */
export function createAnalytics(early: readonly EarlyCall[] = []): Analytics {
  let tracker: Tracker | undefined
  const waiting = early.filter(([name]) => name !== 'load')

  const respond = ([name, given, at, url, title, referrer]: EarlyCall): void => {
    const response = Object.hasOwn(responses, name) ? responses[name] : undefined
    if (response === undefined) console.warn(`analytics.${name} must be one of its calls`)
    else response(tracker!, given, { at, url, title, referrer })
  }

  function load(writeKey: string, options: LoadOptions): void {
    if (tracker !== undefined || !writeKey || typeof options?.host !== 'string') {
      console.warn('analytics.load must be called once, with a write key and { host }')
      return
    }
    tracker = new Tracker(writeKey, options)
    waiting.splice(0).forEach(respond)
    tracker.start()
  }

  const calls = Object.keys(responses).map((name) => [
    name,
    (...given: readonly unknown[]): void => {
      // Rendered on a server there is nobody yet who could do anything.
      if (typeof document === 'undefined') return
      const { at, url, title, referrer } = tracker?.moment() ?? {
        at: Date.now(),
        url: location.href,
        title: document.title,
        referrer: document.referrer,
      }
      const call: EarlyCall = [name, given, at, url, title, referrer]
      if (tracker !== undefined) respond(call)
      else if (waiting.push(call) > earlyMax) {
        waiting.shift()
        console.warn(`analytics.load must be called: ${earlyMax} calls wait for it, and the oldest was given up`)
      }
    },
  ])
  const analytics = {
    // Made from the same list as what answers them, so that no name is written twice; the type says what each takes.
    ...(Object.fromEntries(calls) as Omit<Analytics, 'load' | 'flush' | 'anonymousId' | 'userId' | 'preferences'>),
    load,
    flush: () => tracker?.flush() ?? Promise.resolve(),
    anonymousId: () => tracker?.anonymousId(),
    userId: () => tracker?.userId(),
    preferences: () => tracker?.preferences(),
  }
  for (const [name, given] of early) {
    if (name === 'load') load(...(given as Parameters<typeof load>))
  }
  return analytics
}
