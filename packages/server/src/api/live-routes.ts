import { customerNow, segmentReason } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { customerNamed } from '../insights/index.ts'
import { checkHeld, type Explanation, explainNow, type LiveCopy, pairsNow } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import type { CostlyWork } from './costly-work.ts'

interface One {
  readonly Params: { readonly id: string }
}

interface OneOfSegment {
  readonly Params: { readonly id: string; readonly segment: string }
}

export interface LiveParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** The copy that serves just now. */
  readonly live: () => LiveCopy
  readonly costly: CostlyWork
}

/** What is true now: declared features and live segments. */
export function liveRoutes({ warehouse, state: { queries }, live, costly }: LiveParts) {
  return async (server: FastifyInstance): Promise<void> => {
    const access = { scope: 'customers.read', role: 'viewer' } as const
    const now = {
      access,
      summary: 'Declared features and live segments of a customer, now',
      answers: { 200: customerNow },
    }
    server.get<One>('/customers/:id/now', { config: now }, async ({ params }) => {
      const customerId = live().customerNamed(params.id) ?? (await customerNamed(warehouse, params.id))
      const copy = live()
      return {
        ...{ customerId, isReady: copy.isReady },
        ...{ features: copy.featuresOf(customerId), pairs: pairsNow(copy.standing(), customerId) },
        segments: copy.segmentsOf(customerId),
        ...{ groups: copy.groupsOf(customerId), groupsByAnalyses: copy.byAnalyses },
      }
    })
    const why = {
      access,
      summary: 'Why a customer is in a live segment, or is not: clause by clause, with the events that count',
      answers: { 200: segmentReason },
    }
    server.get<OneOfSegment>('/customers/:id/now/segments/:segment', { config: why }, async ({ params }, reply) => {
      await checkHeld(queries, live().standing(), params.segment)
      const customerId = live().customerNamed(params.id) ?? (await customerNamed(warehouse, params.id))
      const asked = { segment: params.segment, customer: customerId }
      // Every fact of the customer is read for it.
      return toldOf(await costly.run(reply, (signal) => explainNow(warehouse, live().standing(), asked, { signal })))
    })
  }
}

type Clause = NonNullable<Explanation['rule']>

/** Keys of facts are for this program only. */
const toldOf = ({ rule, ...rest }: Explanation): object => ({ ...rest, rule: rule === null ? null : clauseOf(rule) })

const clauseOf = ({ parts, events, ...clause }: Clause): object => ({
  ...clause,
  parts: parts.map(clauseOf),
  events: events.map(({ kind, name, at, followedBy }) => ({
    ...{ kind, name, at },
    followedBy: followedBy && { name: followedBy.name, at: followedBy.at },
  })),
})
