import {
  type Planned,
  planned,
  plannedCall,
  schemaDeclaration,
  schemaList,
  schemaVersion,
  undeclaredList,
  versionList,
  violationPage,
} from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { fit } from '../base/index.ts'
import {
  declareSchema,
  listBrokenRules,
  listSchemas,
  listUndeclared,
  listViolations,
  recordPlanChange,
  retireSchema,
  schemaOf,
  schemaVersions,
  type TrackingPlan,
} from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { readQuery } from './read-query.ts'
import { actorOf } from './route-access.ts'

const one = z.strictObject({ version: z.coerce.number().int().min(1).optional() })
const search = z.strictObject({
  call: plannedCall.optional(),
  name: z.string().max(512).optional(),
  version: z.coerce.number().int().min(1).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(10).max(1000).default(100),
})
const most = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) })

interface OfSchema {
  Params: Planned
}

const read = { scope: 'events.manage', role: 'viewer' } as const
const write = { scope: 'events.manage', role: 'engineer' } as const

const configs = {
  list: { access: read, summary: 'Every schema that holds', answers: { 200: schemaList } },
  one: {
    access: read,
    summary: 'A schema as it holds, or one version of it',
    query: one,
    answers: { 200: schemaVersion },
  },
  versions: { access: read, summary: 'Every version of a schema, the latest first', answers: { 200: versionList } },
  declare: {
    ...{ access: write, summary: 'Declares what events of a name must be; what says something else is a new version' },
    ...{ body: schemaDeclaration, answers: { 200: schemaVersion, 201: schemaVersion } },
  },
  retire: { access: write, summary: 'Declares nothing any more for events of a name', answers: { 200: schemaVersion } },
  violations: {
    ...{ access: read, summary: 'Rules that events break, and the latest events that break them' },
    ...{ query: search, answers: { 200: violationPage } },
  },
  undeclared: {
    ...{ access: read, summary: 'Events that no schema declares, by name', query: most },
    answers: { 200: undeclaredList },
  },
} as const

/** What events must be, and which are not. */
export function trackingPlanRoutes(warehouse: Warehouse, state: State, plan: TrackingPlan) {
  const { queries } = state
  const plannedOf = (params: unknown): Planned => fit(planned, params, 'plan.name')
  const path = '/tracking-plan/schemas/:call/:name'
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    server.get('/tracking-plan/schemas', { config: configs.list }, async () => ({
      schemas: await listSchemas(queries),
    }))
    server.get<OfSchema>(path, { config: configs.one }, (request) =>
      schemaOf(queries, plannedOf(request.params), readQuery(request, one).version),
    )
    server.get<OfSchema>(`${path}/versions`, { config: configs.versions }, async ({ params }) => ({
      versions: await schemaVersions(queries, plannedOf(params)),
    }))
    server.put<OfSchema>(path, { config: configs.declare }, async (request, reply) => {
      const about = plannedOf(request.params)
      const declaration = fit(schemaDeclaration, request.body, 'plan.declaration')
      const { declared, isNew } = await state.transaction(async (transaction) => {
        const result = await declareSchema(transaction, about, declaration)
        if (result.isNew) await recordPlanChange(transaction, actorOf(request), 'plan.declare', result.declared)
        return result
      })
      await plan.refresh()
      return reply.code(isNew ? 201 : 200).send(declared)
    })
    server.delete<OfSchema>(path, { config: configs.retire }, async (request) => {
      const retired = await state.transaction(async (transaction) => {
        const result = await retireSchema(transaction, plannedOf(request.params))
        await recordPlanChange(transaction, actorOf(request), 'plan.retire', result)
        return result
      })
      await plan.refresh()
      return retired
    })
    server.get('/tracking-plan/violations', { config: configs.violations }, async (request) => {
      const { limit, before, ...filter } = readQuery(request, search)
      const [rules, found] = await Promise.all([
        listBrokenRules(queries, filter),
        listViolations(queries, filter, { limit, before }),
      ])
      return { rules, ...found }
    })
    server.get('/tracking-plan/undeclared', { config: configs.undeclared }, async (request) => ({
      events: await listUndeclared(warehouse, queries, readQuery(request, most).limit),
    }))
  }
}
