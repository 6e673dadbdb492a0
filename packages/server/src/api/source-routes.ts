import {
  jobDocument,
  secretDraft,
  secretList,
  secretView,
  sourceDefinition,
  sourceList,
  sourceView,
} from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import {
  askForRun,
  defineSource,
  findSource,
  listSecrets,
  listSources,
  putSecret,
  removeSecret,
  removeSource,
} from '../ingestion/index.ts'
import type { JobKind } from '../jobs/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readJsonBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

interface Named {
  Params: { name: string }
}

export interface ServedSources {
  /** A run of a source, as a job. */
  readonly job: JobKind<{ readonly name: string }>
  /** Folders whose files sources may take. */
  readonly folders: readonly string[]
}

const access = { scope: 'sources.manage', role: 'engineer' } as const

/** Sources that records are fetched from: what they are, how they do, and a run by hand. */
export function sourceRoutes(warehouse: Warehouse, state: State, { job: kind, folders }: ServedSources) {
  return async (server: FastifyInstance): Promise<void> => {
    readJsonBodies(server)
    const list = { access, summary: 'Sources, and how their runs went', answers: { 200: sourceList } }
    server.get('/sources', { config: list }, async () => ({ sources: await listSources(state) }))
    const one = { access, summary: 'A source, and how its runs went', answers: { 200: sourceView } }
    server.get<Named>('/sources/:name', { config: one }, ({ params }) => findSource(state, params.name))
    const put = {
      ...{ access, summary: 'Defines a source; its first run is due at once' },
      ...{ body: sourceDefinition, answers: { 200: sourceView } },
    }
    server.put<Named>('/sources/:name', { config: put }, async (request) => {
      const { name } = request.params
      const source = await defineSource(warehouse, state, folders, name, request.body)
      await recordAudit(state.queries, { actor: actorOf(request), action: 'sources.define', target: name })
      return source
    })
    const run = { access, summary: 'Runs a source now, unless a run waits or runs', answers: { 202: jobDocument } }
    server.post<Named>('/sources/:name/run', { config: run }, async (request, reply) => {
      const { name } = request.params
      const job = await askForRun(state, kind, name)
      await recordAudit(state.queries, { actor: actorOf(request), action: 'sources.run', target: name })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
    const remove = { access, summary: 'Forgets a source; what it brought stays', answers: { 204: null } }
    server.delete<Named>('/sources/:name', { config: remove }, async (request, reply) => {
      const { name } = request.params
      await removeSource(warehouse, state, name)
      await recordAudit(state.queries, { actor: actorOf(request), action: 'sources.remove', target: name })
      return reply.code(204).send()
    })
  }
}

/** Secrets that sources send along; none is ever shown. */
export function secretRoutes({ queries, transaction }: State) {
  return async (server: FastifyInstance): Promise<void> => {
    readJsonBodies(server)
    const list = { access, summary: 'Secrets by their names, without what they are', answers: { 200: secretList } }
    server.get('/secrets', { config: list }, async () => ({ secrets: await listSecrets(queries) }))
    const put = {
      ...{ access, summary: 'Keeps a secret for requests to one host' },
      ...{ body: secretDraft, answers: { 200: secretView } },
    }
    server.put<Named>('/secrets/:name', { config: put }, (request) => {
      const { origin, value } = fit(secretDraft, request.body, 'sources.secret')
      return transaction(async (queries) => {
        const secret = await putSecret(queries, request.params.name, origin, value)
        await recordAudit(queries, { actor: actorOf(request), action: 'secrets.put', target: secret.name })
        return secret
      })
    })
    const remove = { access, summary: 'Forgets a secret', answers: { 204: null } }
    server.delete<Named>('/secrets/:name', { config: remove }, async (request, reply) => {
      const { name } = request.params
      await transaction(async (queries) => {
        await removeSecret(queries, name)
        await recordAudit(queries, { actor: actorOf(request), action: 'secrets.remove', target: name })
      })
      return reply.code(204).send()
    })
  }
}
