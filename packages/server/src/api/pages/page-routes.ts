import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isAllowed, listWriteKeys, recordAudit } from '../../access/index.ts'
import { storedFeatures } from '../../features/index.ts'
import {
  arrivalsOf,
  currencyOf,
  findCustomers,
  lastAnalysis,
  lastNumbers,
  lastProfiles,
  lastSegmentFacts,
  profileCustomer,
  segmentMembers,
  storeFacts,
  timelineOf,
  viewCustomer,
} from '../../insights/index.ts'
import { enqueue, type JobKind, listJobs } from '../../jobs/index.ts'
import {
  csvOf,
  customerNow,
  describeSegments,
  exportSegment,
  findSegment,
  type LiveCopy,
  listSegments,
  taughtFacts,
} from '../../segments/index.ts'
import { countFailedEvents, type State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { OnFailure } from '../answer-errors.ts'
import { type Origins, reachedAt } from '../origins.ts'
import { readQuery } from '../read-query.ts'
import { actorOf } from '../route-access.ts'
import { answerWithPages, sendPage } from './answer-with-pages.ts'
import { customerPage, timelineBody } from './customer-page.ts'
import { customersPage } from './customers-page.ts'
import { jobsPage } from './jobs-page.ts'
import { type Page, pageOf } from './layout.ts'
import { liveSegmentPages } from './live-segment-pages.ts'
import { momentsIn } from './moments.ts'
import { overviewPage } from './overview-page.ts'
import { memberPlace, page } from './page-config.ts'
import { segmentPage, segmentsPage } from './segments-page.ts'
import type { Connection } from './snippet.ts'

export interface PageParts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly analyze: JobKind<object>
  /** The live copy that serves just now. */
  readonly live: () => LiveCopy
  readonly origins: Origins
  readonly onFailure: OnFailure
}

const search = z.object({
  search: z.string().trim().max(200).default(''),
  after: z.string().max(600).default(''),
})
const timelinePlace = z.object({ before: z.string().max(700).default('') })

/** Of a timeline on one page. */
const shown = 30

interface One {
  readonly Params: { readonly id: string }
}

const file = {
  config: {
    access: { role: 'marketer' },
    ...{ summary: 'The customers of a segment with what each agreed to', answers: { 200: 'text/csv' } },
  },
} as const
const analysis = {
  config: {
    access: { role: 'marketer' },
    ...{
      summary: 'Asks for the analysis, from a form',
      body: 'application/x-www-form-urlencoded',
      answers: { 303: null },
    },
  },
} as const

/** Pages for a person, until there is a console: what the API says, in words. */
export function pageRoutes({ warehouse, state, analyze, live, origins, onFailure }: PageParts) {
  const show = async (reply: FastifyReply, page: Page): Promise<FastifyReply> =>
    sendPage(reply, pageOf(page, await storeFacts(warehouse)))
  const moments = async () => momentsIn((await storeFacts(warehouse)).timezone)

  return async (server: FastifyInstance): Promise<void> => {
    server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, __, done) => done(null))
    answerWithPages(server, { warehouse, onFailure })

    server.get('/', page('A page: how the shop does, and how events come in'), async (request, reply) => {
      const overview = {
        numbers: await lastNumbers(warehouse),
        arrivals: await arrivalsOf(warehouse),
        setAside: await countFailedEvents(state.queries),
        connection: await connectionOf(state, reachedAt(request, origins)),
        mayAnalyze: mayRunJobs(request),
      }
      return show(reply, overviewPage(overview, await moments()))
    })
    server.get('/customers', page('A page: customers', search), async (request, reply) => {
      const asked = { ...readQuery(request, search), limit: 50 }
      const found = await findCustomers(warehouse, asked)
      const connection = await connectionOf(state, reachedAt(request, origins))
      return show(reply, customersPage(found, asked, connection, await moments()))
    })
    server.get<One>('/customers/:id', page('A page: one customer', timelinePlace), async (request, reply) => {
      const { before } = readQuery(request, timelinePlace)
      const profile = await profileCustomer(warehouse, state, request.params.id, { before, limit: shown })
      const definitions = (await storedFeatures(state.queries)).map(({ definition }) => definition)
      const now = customerNow(live().standing(), definitions, profile.customerId)
      return show(reply, customerPage(profile, now, before, await moments()))
    })
    server.get<One>(
      '/customers/:id/timeline',
      page('A part of a page: what a customer did lately'),
      async ({ params }, reply) => {
        const { customerId } = await viewCustomer(warehouse, params.id)
        return sendPage(
          reply,
          String(timelineBody(await timelineOf(warehouse, customerId, { limit: shown }), await moments())),
        )
      },
    )
    server.get('/segments', page('A page: segments'), async (_, reply) =>
      show(
        reply,
        segmentsPage(
          {
            live: (await describeSegments(state.queries, live().standing())).segments,
            ...{ segments: await listSegments(warehouse), profiles: await lastProfiles(warehouse) },
            ...{ currency: await currencyOf(warehouse), times: await lastAnalysis(warehouse) },
          },
          await moments(),
        ),
      ),
    )
    liveSegmentPages(server, { warehouse, state, live, moments, show })
    server.get<One>('/segments/:id', page('A page: one segment', memberPlace), async (request, reply) => {
      const { after } = readQuery(request, memberPlace)
      const segment = await findSegment(warehouse, request.params.id)
      const facts = {
        ...{ segment, taught: await taughtFacts(warehouse, segment.id) },
        ...{ members: await segmentMembers(warehouse, segment.id, { after }) },
        ...{ found: await lastSegmentFacts(warehouse, segment.id), times: await lastAnalysis(warehouse) },
      }
      return show(reply, segmentPage(facts, after, await moments()))
    })
    server.get<One>('/segments/:id/members.csv', file, async (request, reply) => {
      const exported = await exportSegment(warehouse, request.params.id)
      await recordAudit(state.queries, { actor: actorOf(request), action: 'segments.export', target: exported.id })
      const file = `${exported.id.replaceAll(/[^\w.-]/g, '_')}.csv`
      return reply
        .header('content-disposition', `attachment; filename="${file}"`)
        .type('text/csv; charset=utf-8')
        .send(csvOf(exported))
    })
    server.get('/jobs', page('A page: jobs'), async (request, reply) =>
      show(reply, jobsPage(await listJobs(state, 50), mayRunJobs(request), await moments())),
    )
    server.post('/jobs/analyses', analysis, async (_, reply) => {
      await enqueue(state.queries, analyze, {}, { uniqueKey: analyze.kind })
      return reply.redirect('/jobs', 303)
    })
  }
}

const mayRunJobs = ({ caller }: FastifyRequest): boolean => caller !== null && isAllowed(caller, analysis.config.access)

/** @param url where others reach the server, so that the shop's pages may as well */
async function connectionOf(state: State, url: string): Promise<Connection> {
  const keys = await listWriteKeys(state)
  const held = keys.find(({ revoked_at }) => revoked_at === null)
  return { url, writeKey: held?.write_key ?? null }
}
