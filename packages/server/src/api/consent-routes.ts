import { consentDecision, consentDefaults, customerConsents, heldConsentDefaults } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit, isoOf, now } from '../base/index.ts'
import {
  type ConsentDefaults,
  type CustomerConsents,
  changeDefaults,
  consentsOf,
  declaring,
  readDefaults,
  recordedDecision,
} from '../consent/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

/** What customers agreed to: decisions, their history, and what holds for those who decided nothing. */
export function consentRoutes(warehouse: Warehouse, state: State, record: (calls: readonly object[]) => Promise<void>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const decide = {
      access: { scope: 'consents.write', role: 'marketer' },
      summary: 'Records what a customer agreed to, refused or took back',
      body: consentDecision,
      answers: { 201: customerConsents },
    } as const
    server.post('/consents', { config: decide }, async (request, reply) => {
      const decision = fit(consentDecision, request.body, 'api.body')
      const actor = actorOf(request)
      await record([recordedDecision(decision, { source: 'api', actor }, now())])
      const { customerId, decision: what, purposes } = decision
      const target = { person: customerId }
      await recordAudit(state.queries, { actor, action: `consents.${what}`, target, detail: { purposes } })
      return reply.code(201).send(written(await consentsOf(warehouse, state, customerId)))
    })
    const show = {
      access: { scope: 'customers.read', role: 'viewer' },
      summary: 'What a customer agreed to: what holds, and its history',
      answers: { 200: customerConsents },
    } as const
    server.get<{ Params: { id: string } }>('/customers/:id/consents', { config: show }, async ({ params }) =>
      written(await consentsOf(warehouse, state, params.id)),
    )
    await defaultRoutes(server, warehouse, state)
  }
}

async function defaultRoutes(server: FastifyInstance, warehouse: Warehouse, state: State): Promise<void> {
  const answers = { 200: heldConsentDefaults }
  const read = {
    access: { scope: 'customers.read', role: 'viewer' },
    summary: 'What holds for who decided nothing',
    answers,
  } as const
  server.get('/consent-defaults', { config: read }, async () => writtenDefaults(await readDefaults(state)))
  const change = {
    access: { scope: 'admin', role: 'owner' },
    summary: 'Changes what holds for who decided nothing',
    ...{ body: consentDefaults, answers },
  } as const
  server.put('/consent-defaults', { config: change }, async (request) => {
    const { rule, declared } = fit(consentDefaults, request.body, 'api.body')
    const defaults = { rule, declared: declared === null ? null : declaring(declared.basis, declared.purposes) }
    await changeDefaults(warehouse, state, defaults)
    const detail = { rule, basis: declared?.basis ?? null, purposes: declared?.purposes ?? [] }
    await recordAudit(state.queries, { actor: actorOf(request), action: 'consents.defaults', detail })
    return writtenDefaults(defaults)
  })
}

const iso = (moment: number | null): string | null => (moment === null ? null : isoOf(moment))

const written = ({ region, standings, history }: CustomerConsents) => ({
  region,
  standings: standings.map((standing) => ({ ...standing, decidedAt: iso(standing.decidedAt) })),
  history: history.map((entry) => ({
    ...{ ...entry, decidedAt: isoOf(entry.decidedAt), recordedAt: iso(entry.recordedAt) },
  })),
})

const writtenDefaults = ({ rule, declared }: ConsentDefaults) => ({
  rule,
  declared: declared && { ...declared, declaredAt: isoOf(declared.declaredAt) },
})
