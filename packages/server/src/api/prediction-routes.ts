import { jobDocument, predictionDocument, predictionList, trainingRequest } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import { lastMoment } from '../insights/index.ts'
import { enqueue, type JobKind } from '../jobs/index.ts'
import { type PredictInput, trainablePrediction, viewPrediction, viewPredictions } from '../predictions/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

interface One {
  readonly Params: { readonly name: string }
}

/** Predictions, their models and how good they are, and the wish that one is learned anew. @param predict that, as a job */
export function predictionRoutes(warehouse: Warehouse, state: State, predict: JobKind<PredictInput>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const read = { scope: 'customers.read', role: 'viewer' } as const
    const list = {
      access: read,
      summary: 'Predictions, each with the model that serves and how good it was when it was made',
      answers: { 200: predictionList },
    }
    server.get('/predictions', { config: list }, async () => viewPredictions(warehouse, await lastMoment(warehouse)))
    const one = { access: read, summary: 'A prediction with all of its models', answers: { 200: predictionDocument } }
    server.get<One>('/predictions/:name', { config: one }, async ({ params }) =>
      viewPrediction(warehouse, params.name, await lastMoment(warehouse)),
    )
    const begin = {
      access: { scope: 'jobs.run', role: 'marketer' } as const,
      summary: 'Has a prediction learned anew, unless that waits or runs already',
      body: trainingRequest,
      answers: { 202: jobDocument },
    }
    server.post<One>('/predictions/:name/trainings', { config: begin }, async (request, reply) => {
      const { scores } = fit(trainingRequest, request.body, 'api.body')
      const { name } = (await trainablePrediction(warehouse, request.params.name, await lastMoment(warehouse)))
        .definition
      const job = await state.transaction(async (queries) => {
        await recordAudit(queries, { actor: actorOf(request), action: 'prediction.train', target: name })
        return enqueue(queries, predict, { name, scores }, { uniqueKey: `${predict.kind}:${name}` })
      })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
  }
}
