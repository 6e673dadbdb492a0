import type { Work } from './base/index.ts'
import {
  type Answers,
  answer,
  type FitRequest,
  fitTogether,
  type PredictionsResult,
  type Question,
  type TrainedOne,
  type TrainRequest,
  trainRequested,
} from './predictions/index.ts'
import { canRunApart, runApart } from './run-apart.ts'
import type { Warehouse } from './warehouse/index.ts'

/** Trains predictions, and scores where that was asked for, apart from this thread. */
export const trainApart = async (
  warehouse: Warehouse,
  request: TrainRequest,
  work: Work = {},
): Promise<readonly TrainedOne[]> =>
  canRunApart
    ? ((await runApart(warehouse, { kind: 'train', request }, work)) as readonly TrainedOne[])
    : trainRequested(warehouse, request, work)

/** Fits lapse and lifetime value apart from this thread. */
export const fitApart = async (
  warehouse: Warehouse,
  request: FitRequest,
  work: Work = {},
): Promise<PredictionsResult> =>
  canRunApart
    ? ((await runApart(warehouse, { kind: 'fit', request }, work)) as PredictionsResult)
    : fitTogether(warehouse, request, work)

/** Checks, scores, evaluates or forecasts apart from this thread. */
export const answerApart = async <What extends keyof Answers>(
  warehouse: Warehouse,
  question: Question<What>,
  work: Work = {},
): Promise<Answers[What]> =>
  canRunApart
    ? ((await runApart(warehouse, { kind: 'answer', question }, work)) as Answers[What])
    : answer(warehouse, question, work)
