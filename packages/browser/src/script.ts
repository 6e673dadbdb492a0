// The script that a page loads: takes the place of the snippet's stand-in and answers what was called before.
import { createAnalytics, type EarlyCall } from './analytics.ts'

const page = globalThis as { analytics?: unknown }
const { calls } = (page.analytics ?? {}) as { readonly calls?: readonly EarlyCall[] }
page.analytics = createAnalytics(Array.isArray(calls) ? calls : [])
