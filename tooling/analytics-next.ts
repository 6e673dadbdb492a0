/** Segment's library for browsers, as a shop would bundle it. */
export { AnalyticsBrowser } from '@segment/analytics-next'
