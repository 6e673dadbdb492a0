import { Readable } from 'node:stream'
import {
  batchBytes,
  listChange,
  listChanged,
  membersQuery,
  overlapQuery,
  purpose,
  segmentMembersPage,
  segmentOverlap,
  segmentTrend,
  trendQuery,
} from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { recordAudit } from '../../access/index.ts'
import { fit, RapportError } from '../../base/index.ts'
import { knownCustomers } from '../../insights/index.ts'
import {
  changeList,
  checkHeld,
  exportMembers,
  type ListEdit,
  membersPage,
  overlapOf,
  readListFile,
  segmentTrend as trendOf,
} from '../../segments/index.ts'
import { readMemberBodies } from '../bodies/read-body.ts'
import { readQuery } from '../read-query.ts'
import { actorOf } from '../route-access.ts'
import { readAccess, type SegmentParts, writeAccess } from './segment-parts.ts'

interface One {
  readonly Params: { readonly id: string }
}

const exportQuery = z.strictObject({
  purpose: purpose
    .default('marketing.email')
    .meta({ description: 'what they are to be contacted for: what may_contact is about' }),
})

/** Who is in live segments, and in lists that somebody keeps. */
export function segmentMemberRoutes({ warehouse, state, live, changed }: SegmentParts) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const members = {
      access: readAccess,
      summary: 'Who is in a live segment now, a page at a time',
      query: membersQuery,
      answers: { 200: segmentMembersPage },
    }
    server.get<One>('/segments/:id/members', { config: members }, async (request) => {
      await checkHeld(state.queries, live().standing(), request.params.id)
      const standing = live().standing()
      const page = await membersPage(standing, request.params.id, readQuery(request, membersQuery))
      return { isReady: standing.isReady, ...page }
    })
    const file = {
      access: { scope: 'customers.read', role: 'marketer' } as const,
      summary: 'Who is in a live segment now, with contact fields and what each agreed to',
      query: exportQuery,
      answers: { 200: 'text/csv' },
    }
    server.get<One>('/segments/:id/members.csv', { config: file }, async (request, reply) => {
      const { id } = request.params
      const asked = readQuery(request, exportQuery)
      await checkHeld(state.queries, live().standing(), id)
      const parts = exportMembers(warehouse, live().standing(), id, asked)
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
    const overlap = {
      ...{ access: readAccess, query: overlapQuery, answers: { 200: segmentOverlap } },
      summary: 'How many customers are in two live segments at once, for each two of some',
    }
    server.get('/segments/overlaps', { config: overlap }, async (request) => {
      const ids = readQuery(request, overlapQuery)
        .segments.split(',')
        .map((id) => id.trim())
      for (const id of ids) await checkHeld(state.queries, live().standing(), id)
      return overlapOf(live().standing(), ids)
    })
    const trend = {
      ...{ access: readAccess, query: trendQuery, answers: { 200: segmentTrend } },
      summary: 'How large a live segment was at the end of each day, and how many came and left',
    }
    server.get<One>('/segments/:id/trend', { config: trend }, async (request) => {
      const { id } = request.params
      await checkHeld(state.queries, live().standing(), id)
      await live().journal.settle()
      return trendOf(warehouse, id, readQuery(request, trendQuery).days)
    })
    const change = {
      ...{ access: writeAccess, body: listChange, answers: { 200: listChanged } },
      summary:
        'Puts customers into a list (add) and takes some out of it (remove), or replaces all of them (customers; [] leaves nobody); ids that name nobody are said',
    }
    const edit = async (request: FastifyRequest<One>, of: ListEdit) => {
      const done = await changeList(
        state,
        (ids) => knownCustomers(warehouse, ids),
        request.params.id,
        of,
        (queries, it) =>
          recordAudit(queries, {
            ...{ actor: actorOf(request), action: 'segments.list', target: it.segment },
            detail: { customers: it.customers, added: it.added, removed: it.removed },
          }),
      )
      await changed()
      return done
    }
    server.post<One>('/segments/:id/members', { config: change }, async (request) => {
      const { customers, add = [], remove = [] } = fit(listChange, request.body, 'api.body')
      return edit(request, customers === undefined ? { add, remove } : { customers, mayEmpty: customers.length === 0 })
    })
    const upload = {
      ...{ access: writeAccess, body: 'text/csv', answers: { 200: listChanged } },
      summary:
        'Replaces the customers of a list by those of a CSV file with a column customer_id; one that would leave nobody is refused',
    }
    server.register(async (files) => {
      files.addContentTypeParser(
        'text/csv',
        { parseAs: 'buffer', bodyLimit: batchBytes },
        async (_: FastifyRequest, body: Buffer) => body,
      )
      files.put<One>('/segments/:id/members.csv', { config: upload }, async (request) => {
        if (!Buffer.isBuffer(request.body))
          throw new RapportError('api.media-type', 'the body must be text/csv, with a column customer_id')
        return edit(request, { customers: readListFile(request.body.toString('utf8'), 'the body') })
      })
    })
  }
}
