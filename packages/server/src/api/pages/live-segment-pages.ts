import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { recordAudit } from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import {
  describeSegment,
  exportMembers,
  type LiveCopy,
  membersPage,
  neverSeen,
  overlapsWith,
  segmentTrend,
} from '../../segments/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { readQuery } from '../read-query.ts'
import { actorOf } from '../route-access.ts'
import type { Page } from './layout.ts'
import { liveSegmentPage } from './live-segments-page.ts'
import type { Moments } from './moments.ts'
import { memberPlace, page } from './page-config.ts'

interface One {
  readonly Params: { readonly id: string }
}

export interface LivePageParts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly live: () => LiveCopy
  readonly moments: () => Promise<Moments>
  readonly show: (reply: FastifyReply, page: Page) => Promise<FastifyReply>
}

/** Customers of a page. */
const shown = 100
/** Segments that it has the most customers in common with. */
const overlapsShown = 10
/** Days of the line. */
const trendDays = 90

/** Pages of segments that are true now. */
export function liveSegmentPages(
  server: FastifyInstance,
  { warehouse, state, live, moments, show }: LivePageParts,
): void {
  server.get<One>('/segments/live/:id', page('A page: one live segment', memberPlace), async (request, reply) => {
    const { id } = request.params
    const { after } = readQuery(request, memberPlace)
    const standing = live().standing()
    // One that was declared just now is not looked at yet.
    const isHeld = standing.compiled.segments.some(({ definition }) => definition.id === id)
    const segment = await describeSegment(state.queries, id, standing).catch((error: unknown) => {
      if (isHeld && error instanceof RapportError && error.code === 'segments.unknown') return null
      throw error
    })
    // A group of a family, which nobody declared: customers move between these with each event, too.
    if (segment === null) return reply.redirect(`/segments/${encodeURIComponent(id)}`)
    const members = isHeld ? await membersPage(standing, id, { after, limit: shown }) : { customers: [], next: null }
    const unseen = isHeld ? await neverSeen(warehouse, standing.compiled, id) : []
    const overlaps = overlapsWith(standing, id, overlapsShown)
    await live().journal.settle()
    const trend = await segmentTrend(warehouse, id, trendDays)
    return show(reply, liveSegmentPage({ segment, members, unseen, trend, overlaps }, after, await moments()))
  })
  const file = {
    config: {
      access: { role: 'marketer' },
      ...{ summary: 'The customers of a live segment with what each agreed to', answers: { 200: 'text/csv' } },
    },
  } as const
  server.get<One>('/segments/live/:id/members.csv', file, async (request, reply) => {
    const { id } = request.params
    const parts = exportMembers(warehouse, live().standing(), id, { purpose: 'marketing.email' })
    // What is wrong is said before the answer begins.
    const first = await parts.next()
    await recordAudit(state.queries, { actor: actorOf(request), action: 'segments.export', target: id })
    const csv = async function* () {
      if (first.done) return
      yield first.value.csv
      for await (const part of parts) yield part.csv
    }
    return reply
      .header('content-disposition', `attachment; filename="${id.replaceAll(/[^\w.-]/g, '_')}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(Readable.from(csv()))
  })
}
