import type { Work } from './base/index.ts'
import { type TrainedOne, type TrainRequest, trainRequested } from './predictions/index.ts'
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
