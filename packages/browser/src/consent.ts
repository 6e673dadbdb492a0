import type { Purpose as WirePurpose } from '@rapport/protocol'
import type { Properties } from './event.ts'
import type { Store } from './store.ts'

/** What a customer can agree to. Listed here so that nothing of `@rapport/protocol` is loaded; a test compares them. */
export const purposes = [
  'analytics',
  'profiling',
  'personalization',
  'marketing.email',
  'marketing.social',
  'marketing.ads',
] as const satisfies readonly WirePurpose[]

export type Purpose = (typeof purposes)[number]

/** What somebody decided, by purpose; a purpose that is missing was not decided. */
export type Preferences = { readonly [Name in Purpose]?: boolean }

/** The name of the event that carries a decision, after Segment's consent events. */
export const consentEvent = 'Segment Consent Preference Updated'

/** What the browser asks for on the visitor's behalf. */
export interface Signals {
  readonly globalPrivacyControl: boolean
  readonly doNotTrack: boolean
}

/** Purposes that count as denied while a signal is set and the visitor has not decided otherwise on this site. */
export interface SignalMeanings {
  readonly globalPrivacyControl?: readonly Purpose[]
  readonly doNotTrack?: readonly Purpose[]
}

/** Global Privacy Control says: do not sell or share. That is ads, social audiences, and content chosen for a person. */
export const deniedBySignal: readonly Purpose[] = ['marketing.ads', 'marketing.social', 'personalization']

export const readSignals = (): Signals => ({
  globalPrivacyControl: (navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl === true,
  doNotTrack: navigator.doNotTrack === '1',
})

function parsed(text: string | undefined): Preferences {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    const entries = Object.entries(kept as object)
    return Object.fromEntries(entries.filter(([name, value]) => isPurpose(name) && typeof value === 'boolean'))
  } catch {
    return {} // not ours, or cut off: as if nothing had been decided
  }
}

const isPurpose = (name: string): name is Purpose => (purposes as readonly string[]).includes(name)

/**
 * @param given purposes with true or false
 * @throws Error when a purpose is unknown or a decision is neither
 */
export function checkPreferences(given: unknown): Preferences {
  if (typeof given !== 'object' || given === null) throw new Error('consent must be an object of purposes')
  for (const [name, decision] of Object.entries(given)) {
    if (!isPurpose(name)) throw new Error(`a purpose must be one of ${purposes.join(', ')}, got ${name}`)
    if (typeof decision !== 'boolean') throw new Error(`consent to ${name} must be true or false, got ${decision}`)
  }
  return given
}

/**
 * What the visitor decided, and what that means together with the browser's signals.
 *
 * The decision itself is kept even where it is a denial: remembering a no is strictly necessary to honour it.
 */
export class Consent {
  readonly #store: Store
  readonly #signals: Signals
  readonly #denied: Preferences
  readonly #isRequired: boolean

  constructor(store: Store, signals: Signals, meanings: SignalMeanings, isRequired: boolean) {
    const { globalPrivacyControl = deniedBySignal, doNotTrack = deniedBySignal } = meanings
    const denied = [
      ...(signals.globalPrivacyControl ? globalPrivacyControl : []),
      ...(signals.doNotTrack ? doNotTrack : []),
    ]
    this.#store = store
    this.#signals = signals
    this.#denied = Object.fromEntries(denied.map((name) => [name, false]))
    this.#isRequired = isRequired
  }

  /** A decision made on this site stands above the browser's signal. Read anew each time: another tab may decide. */
  preferences(): Preferences {
    return { ...this.#denied, ...parsed(this.#store.read('consent')) }
  }

  decide(preferences: Preferences): void {
    this.#store.write('consent', JSON.stringify({ ...parsed(this.#store.read('consent')), ...preferences }))
  }

  /** Whether events may be made and ids kept. */
  collection(): 'allowed' | 'denied' | 'undecided' {
    const decision = this.preferences().analytics
    if (decision === undefined) return this.#isRequired ? 'undecided' : 'allowed'
    return decision ? 'allowed' : 'denied'
  }

  /** What goes on every event as `context.consent`; nothing where nothing was said. */
  stamp(): Properties | undefined {
    const categoryPreferences = this.preferences()
    const said = Object.entries(this.#signals).filter(([, isSet]) => isSet)
    if (said.length === 0 && Object.keys(categoryPreferences).length === 0) return undefined
    return { categoryPreferences, ...Object.fromEntries(said) }
  }
}
