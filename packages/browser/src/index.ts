import { createAnalytics } from './analytics.ts'

export { type Analytics, type CommerceCalls, createAnalytics } from './analytics.ts'
export type * from './commerce.ts'
export { type Preferences, type Purpose, purposes, type SignalMeanings } from './consent.ts'
export type { CallOptions, Properties, TrackedEvent } from './event.ts'
export type { TrackingError } from './fault.ts'
export type { LoadOptions } from './options.ts'
export type { PageTracking } from './pages.ts'
export type { StoreKind } from './store.ts'

/** The page's instance, the same as `window.analytics` of the script. */
export const analytics = createAnalytics()
