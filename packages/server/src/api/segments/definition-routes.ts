import {
  declaredList,
  definitionCheck,
  previewRequest,
  segmentDeclarations,
  segmentDocument,
  segmentList,
  segmentPreview,
} from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../../access/index.ts'
import { fit } from '../../base/index.ts'
import { storedFeatures } from '../../features/index.ts'
import {
  checkSegments,
  declareSegments,
  describeSegment,
  describeSegments,
  previewSegment,
  readLiveModels,
  removeSegment,
  storedSegmentDefinitions,
} from '../../segments/index.ts'
import { readMemberBodies } from '../bodies/read-body.ts'
import { actorOf } from '../route-access.ts'
import { readAccess, type SegmentParts, writeAccess } from './segment-parts.ts'

interface One {
  readonly Params: { readonly id: string }
}

const listOf = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body])

/** Live segments: what they are, how many are in them, and who would be by another rule. */
export function segmentDefinitionRoutes({ warehouse, state, live, changed, settle, costly }: SegmentParts) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const answers = { 200: segmentList }
    const list = { access: readAccess, summary: 'Live segments with how many are in each now', answers }
    server.get('/segments', { config: list }, () => describeSegments(state.queries, live().standing()))
    const one = {
      access: readAccess,
      summary: 'A live segment: its definition, in plain language too, its versions, and what uses it',
      answers: { 200: segmentDocument },
    }
    server.get<One>('/segments/:id', { config: one }, ({ params }) =>
      describeSegment(state.queries, params.id, live().standing()),
    )
    const check = {
      ...{ access: readAccess, body: segmentDeclarations, answers: { 200: definitionCheck } },
      summary: 'Says everything that keeps definitions of segments from being declared; changes nothing',
    }
    server.post('/segments/checks', { config: check }, async ({ body }) => {
      const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
      const segments = await storedSegmentDefinitions(state.queries)
      const problems = checkSegments(listOf(body), { segments, features, families: await readLiveModels(warehouse) })
      return { isValid: problems.length === 0, problems }
    })
    const preview = {
      ...{ access: readAccess, body: previewRequest, answers: { 200: segmentPreview } },
      summary: 'How many customers a rule holds for now, and some of them with the reasons; declares nothing',
    }
    server.post('/segments/previews', { config: preview }, async ({ body }, reply) => {
      const { rule, sample } = fit(previewRequest, body, 'api.body')
      return costly.run(reply, async (signal) => {
        await settle()
        return previewSegment({ warehouse, state }, rule, { sample, signal })
      })
    })
    const declare = {
      ...{ access: writeAccess, body: segmentDeclarations, answers: { 200: declaredList } },
      summary: 'Declares segments, all or none: one that says something else than before is a new version',
    }
    server.post('/segments', { config: declare }, async (request) => {
      const families = await readLiveModels(warehouse)
      const declared = await state.transaction(async (queries) => {
        const done = await declareSegments(queries, listOf(request.body), families)
        for (const { id, version, isNew } of done)
          if (isNew)
            await recordAudit(queries, {
              ...{ actor: actorOf(request), action: 'segments.declare', target: id },
              detail: { version },
            })
        return done.map(({ id, version, isNew }) => ({ name: id, version, isNew }))
      })
      await changed()
      return { declared, notes: [] }
    })
    const remove = {
      access: writeAccess,
      summary: 'Removes a segment that no other names; its versions stay, the customers of a list do not',
      answers: { 204: null },
    }
    server.delete<One>('/segments/:id', { config: remove }, async (request, reply) => {
      const { id } = request.params
      await state.transaction(async (queries) => {
        await removeSegment(queries, id)
        await recordAudit(queries, { actor: actorOf(request), action: 'segments.remove', target: id })
      })
      await changed()
      return reply.code(204).send()
    })
  }
}
