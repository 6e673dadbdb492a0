import { isoOf } from '../base/index.ts'
import { type CustomerConsents, type Standing, sourcesOf, standingsHeld } from '../consent/index.ts'
import { type CustomerIdentities, identitiesOf, movedAtOf } from '../identity/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { type CustomerView, viewCustomer } from './customer-view.ts'
import { type AnalysisTimes, lastAnalysis } from './last-analysis.ts'
import { type TimelinePage, type TimelineRequest, timelineOf } from './timeline.ts'

/** A customer with what only a store that is served knows: identities, consents over the wire, what happens. */
export interface CustomerProfile extends CustomerView, CustomerIdentities {
  /** What holds for each purpose; `consents` has what imports said. */
  readonly standings: readonly (Omit<Standing, 'decidedAt'> & {
    /** ISO 8601; null where nothing was decided, as is `source`. */
    readonly decidedAt: string | null
    /** Where the decision came from: browser, signal, api, command, import. */
    readonly source: string | null
  })[]
  /** By which default the purposes hold that they did not decide on. */
  readonly consentRegion: CustomerConsents['region']
  readonly timeline: TimelinePage
  /** When segments and scores were made; null before the first analysis. */
  readonly analysis:
    | (AnalysisTimes & {
        /** Set when identities of this customer were joined or parted since: segments and scores are of before. */
        readonly isBeforeMove: boolean
      })
    | null
  /** When identities last moved to or from this customer, ISO 8601; null when never. */
  readonly movedAt: string | null
}

/** @throws RapportError `insights.customer` when nothing in the store names the customer */
export async function profileCustomer(
  warehouse: Warehouse,
  state: State,
  named: string,
  timeline: TimelineRequest = {},
): Promise<CustomerProfile> {
  const view = await viewCustomer(warehouse, named)
  const { customerId } = view
  const [happened, analysis] = [await timelineOf(warehouse, customerId, timeline), await lastAnalysis(warehouse)]
  const [known, movedAt] = await Promise.all([identitiesOf(state, customerId), movedAtOf(state, customerId)])
  const { standings, region } = await standingsHeld(warehouse, state, customerId)
  const sources = await sourcesOf(warehouse, state, customerId)
  return {
    ...view,
    ...known,
    standings: standings.map((standing) => ({
      ...standing,
      decidedAt: standing.decidedAt === null ? null : isoOf(standing.decidedAt),
      source: standing.decidedAt === null ? null : (sources.get(standing.purpose) ?? 'import'),
    })),
    consentRegion: region,
    timeline: happened,
    analysis: analysis && {
      ...analysis,
      isBeforeMove: movedAt !== null && movedAt >= Date.parse(analysis.startedAt),
    },
    movedAt: movedAt === null ? null : isoOf(movedAt),
  }
}
