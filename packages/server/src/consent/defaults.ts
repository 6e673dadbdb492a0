import { type Basis, basis as bases, type Purpose, purpose as purposes } from '@rapport/protocol'
import { z } from 'zod'
import { type Instant, now } from '../base/index.ts'
import { keepSetting, readSetting, type State, type StateQueries } from '../state/index.ts'
import type { Region } from './region-of.ts'

/**
 * What holds for somebody who decided nothing.
 *
 * `analytics-only`: events may be kept, nothing else. `by-region`: the same where the law asks first (EU, EEA, United
 * Kingdom, Switzerland) and where the region is not known; everything, until refused, elsewhere.
 */
export type DefaultRule = 'analytics-only' | 'by-region'

/** The shop's claim that it may do something without having asked each one: it gives way to whatever a person decided. */
export interface DeclaredBasis {
  readonly basis: Basis
  readonly purposes: readonly Purpose[]
  readonly declaredAt: Instant
}

export interface ConsentDefaults {
  readonly rule: DefaultRule
  readonly declared: DeclaredBasis | null
}

export const defaultRules = ['analytics-only', 'by-region'] as const satisfies readonly DefaultRule[]

const stored = z.object({
  rule: z.enum(defaultRules),
  declared: z.object({ basis: bases, purposes: z.array(purposes), declaredAt: z.number() }).nullable(),
})

const setting = 'consent.defaults'

/** A store that was made before there were defaults is for analytics only. */
const untold: ConsentDefaults = { rule: 'analytics-only', declared: null }

/** Whether nobody may be profiled who did not agree to it. */
export const isForAnalyticsOnly = ({ rule, declared }: ConsentDefaults): boolean =>
  rule === 'analytics-only' && declared === null

export async function readDefaults({ queries }: State): Promise<ConsentDefaults> {
  const held = await readSetting(queries, setting)
  return held === undefined ? untold : stored.parse(JSON.parse(held))
}

export const storeDefaults = (queries: StateQueries, defaults: ConsentDefaults): Promise<void> =>
  keepSetting(queries, setting, JSON.stringify(defaults))

/** A declaration of today. @param purposes at least one */
export const declaring = (basis: Basis, declared: readonly Purpose[]): DeclaredBasis => ({
  ...{ basis, purposes: purposes.options.filter((purpose) => declared.includes(purpose)), declaredAt: now() },
})

export const regions = ['opt-in', 'opt-out', 'unknown'] as const satisfies readonly Region[]

/** What the defaults grant in a region. */
export function grantsOf({ rule, declared }: ConsentDefaults, region: Region): readonly Purpose[] {
  const isOpen = rule === 'by-region' && region === 'opt-out'
  return purposes.options.filter(
    (purpose) => isOpen || purpose === 'analytics' || declared?.purposes.includes(purpose) === true,
  )
}
