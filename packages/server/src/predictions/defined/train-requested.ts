import { type Instant, RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { NotEnough } from '../result.ts'
import { RememberedReads } from './asking/remembered-reads.ts'
import type { AnyCard } from './model-format.ts'
import {
  allPredictions,
  type KnownPrediction,
  namedPrediction,
  scorePrediction,
  trainPrediction,
  unusablePredictions,
} from './predictions.ts'
import type { Scored } from './score.ts'
import { isTrained } from './serving.ts'
import type { Trained } from './train.ts'

export interface TrainRequest {
  /** `all` that are on, those in `use` (somebody declared or trained them), or one by its name. */
  readonly which:
    | { readonly kind: 'all' }
    | { readonly kind: 'used' }
    | { readonly kind: 'named'; readonly name: string }
  readonly asOf: Instant
  readonly seed: number
  /** For each, ms. */
  readonly budgetMs: number
  /** Whether customers are scored anew afterwards. */
  readonly scores: boolean
}

/** What a job that trains is told. */
export interface PredictInput {
  /** Default: all in use. */
  readonly name?: string | undefined
  /** Default: customers are scored anew. */
  readonly scores?: boolean | undefined
}

export interface TrainedOne {
  readonly name: string
  readonly trained: Trained<AnyCard> | NotEnough
  /** Null where it was not asked for, or is of no customer. */
  readonly scored: Scored | NotEnough | null
}

/**
 * Trains one prediction after another; one that cannot be trained keeps no other from it.
 *
 * @throws RapportError those of a single one, where one is named; `work.aborted`. What is no RapportError is a fault of ours:
 * the first is thrown when all others are trained
 */
export async function trainRequested(
  warehouse: Warehouse,
  { which, asOf, seed, budgetMs, scores }: TrainRequest,
  work?: Work,
): Promise<readonly TrainedOne[]> {
  const done: TrainedOne[] = []
  const reads = new RememberedReads()
  const train = async (known: KnownPrediction): Promise<void> => {
    const { name, target } = known.prediction.definition
    const trained = await trainPrediction(warehouse, known, { asOf, seed, budgetMs, reads }, work)
    const isScored = scores && trained.found && target.kind !== 'series' && target.kind !== 'session'
    done.push({ name, trained, scored: isScored ? await scorePrediction(warehouse, known, asOf, work) : null })
  }
  const unusable = (await unusablePredictions(warehouse, asOf)).map(
    ({ name, because }): TrainedOne => ({ name, trained: { found: false, because }, scored: null }),
  )
  if (which.kind === 'named') {
    const refused = unusable.find(({ name }) => name === which.name)
    if (refused) return [refused]
    await train(await namedPrediction(warehouse, which.name, asOf))
    return done
  }
  const all = (await allPredictions(warehouse, asOf)).filter(({ isOff }) => !isOff)
  const faults: unknown[] = []
  for (const known of all) {
    const { name } = known.prediction.definition
    if (which.kind === 'used' && known.version === 0 && !(await isTrained(warehouse, name))) continue
    try {
      await train(known)
    } catch (error) {
      stopIfAborted(work)
      if (error instanceof RapportError) {
        done.push({ name, trained: { found: false, because: error.message }, scored: null })
      } else faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
  return which.kind === 'all' ? [...done, ...unusable] : done
}
