import type { SignalMeanings } from './consent.ts'
import type { TrackedEvent } from './event.ts'
import type { TrackingError } from './fault.ts'
import type { PageTracking } from './pages.ts'
import type { StoreKind } from './store.ts'

export interface LoadOptions {
  /** Where Rapport answers: `https://collect.example.com`. */
  readonly host: string
  /**
   * Where ids and the visitor's decision are kept. Default `cookie`, first-party and known to subdomains; where the
   * browser refuses it, `localStorage`, and then `memory`. `memory` stores nothing at all, so waiting events neither.
   */
  readonly store?: StoreKind
  /** Days that a cookie lives after the last visit. Default 365. */
  readonly cookieDays?: number
  /** Domain of the cookies. Default: the widest that the browser allows, so that subdomains share it. */
  readonly cookieDomain?: string
  /** Nothing is stored or sent before the visitor consents to `analytics`. Default false. */
  readonly requireConsent?: boolean
  /** Events before that decision wait in the page's memory (the last 100), or are left out. Default `hold`. */
  readonly beforeConsent?: 'hold' | 'drop'
  /** What Global Privacy Control and Do-Not-Track deny. Default for both: ads, social, personalization. */
  readonly signals?: SignalMeanings
  /** Page calls by itself: never, for the first page, or for every address of a single-page application. Default `none`. */
  readonly pages?: PageTracking
  /** Milliseconds that an event waits for others to go along. Default 500. */
  readonly delayMs?: number
  /** Changes an event before it is queued; `undefined` leaves it out. */
  readonly beforeQueue?: (event: TrackedEvent) => TrackedEvent | undefined
  /** What did not work. Default: a warning in the console. */
  readonly onError?: (error: TrackingError) => void
}
