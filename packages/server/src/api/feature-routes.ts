import {
  declaredList,
  definitionCheck,
  featureDeclarations,
  featureDocument,
  featureList,
  valuesAnswer,
  valuesRequest,
} from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit, now } from '../base/index.ts'
import {
  catalogueNames,
  checkFeatures,
  declareFeatures,
  describeFeature,
  describeFeatures,
  nameClashes,
  removeFeature,
  shareDefinitions,
  storedFeatures,
  valuesAsOf,
} from '../features/index.ts'
import { knownCustomers } from '../insights/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'
import { readAccess, type SegmentParts, writeAccess } from './segments/segment-parts.ts'

interface One {
  readonly Params: { readonly name: string }
}

/** One definition, or some that may name each other. */
const listOf = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body])

/** Declared features: what they are, who uses them, and what they come to. */
export function featureRoutes({ warehouse, state, changed, settle, costly }: Omit<SegmentParts, 'live'>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const list = { access: readAccess, summary: 'Declared features, with who uses them', answers: { 200: featureList } }
    server.get('/features', { config: list }, async () => ({
      features: await describeFeatures(state.queries, await catalogueNames(warehouse)),
    }))
    const one = {
      access: readAccess,
      summary: 'A declared feature with its definition and all of its versions',
      answers: { 200: featureDocument },
    }
    server.get<One>('/features/:name', { config: one }, async ({ params }) =>
      describeFeature(state.queries, params.name, await catalogueNames(warehouse)),
    )
    const check = {
      ...{ access: readAccess, body: featureDeclarations, answers: { 200: definitionCheck } },
      summary: 'Says everything that keeps definitions of features from being declared; changes nothing',
    }
    server.post('/features/checks', { config: check }, async ({ body }) => {
      const held = (await storedFeatures(state.queries)).map(({ definition }) => definition)
      const problems = checkFeatures(listOf(body), held)
      return { isValid: problems.length === 0, problems }
    })
    const declare = {
      ...{ access: writeAccess, body: featureDeclarations, answers: { 200: declaredList } },
      summary: 'Declares features, all or none: one that says something else than before is a new version',
    }
    server.post('/features', { config: declare }, async (request) => {
      const declared = await state.transaction(async (queries) => {
        const done = await declareFeatures(queries, listOf(request.body))
        for (const { definition, version, isNew } of done)
          if (isNew)
            await recordAudit(queries, {
              ...{ actor: actorOf(request), action: 'features.declare', target: definition.name },
              detail: { version },
            })
        return done.map(({ definition: { name }, version, isNew }) => ({ name, version, isNew }))
      })
      await shareDefinitions(warehouse, state.queries)
      await changed()
      const notes = await nameClashes(
        warehouse,
        declared.map(({ name }) => name),
      )
      return { declared, notes }
    })
    const remove = {
      access: writeAccess,
      summary: 'Removes a feature that nothing uses; its versions stay',
      answers: { 204: null },
    }
    server.delete<One>('/features/:name', { config: remove }, async (request, reply) => {
      const { name } = request.params
      await state.transaction(async (queries) => {
        await removeFeature(queries, name)
        await recordAudit(queries, { actor: actorOf(request), action: 'features.remove', target: name })
      })
      await shareDefinitions(warehouse, state.queries)
      await changed()
      return reply.code(204).send()
    })
    const values = {
      ...{ access: readAccess, body: valuesRequest, answers: { 200: valuesAnswer } },
      summary: 'Declared features of some customers as of a moment: what was known by then counts, and nothing else',
    }
    server.post('/features/values', { config: values }, async ({ body }, reply) => {
      const { customers, asOf, features } = fit(valuesRequest, body, 'api.body')
      const moment = asOf === undefined ? now() : Date.parse(asOf)
      return costly.run(reply, async (signal) => {
        await settle()
        const { known, unknown } = await knownCustomers(warehouse, customers)
        const asked = { customers: known, asOf: moment, ...(features ? { features } : {}) }
        return { asOf: moment, customers: await valuesAsOf(warehouse, state.queries, asked, { signal }), unknown }
      })
    })
  }
}
