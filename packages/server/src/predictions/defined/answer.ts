import type { Instant, Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { NotEnough } from '../result.ts'
import type { AskedCuts } from './asking/cuts.ts'
import type { Evaluated } from './judging/evaluate.ts'
import {
  type CheckedSeries,
  checkPrediction,
  evaluatePrediction,
  forecastPrediction,
  namedPrediction,
  scorePrediction,
} from './predictions.ts'
import type { Scored } from './score.ts'
import type { RevenueForecast } from './series/series.ts'
import type { CheckedSessions } from './sessions/sessions.ts'

/** What can be asked of a prediction that looks at many customers or days, and what comes of it. */
export interface Answers {
  readonly check: AskedCuts | CheckedSeries | CheckedSessions | NotEnough
  readonly score: Scored | NotEnough
  readonly evaluate: Evaluated | NotEnough
  readonly forecast: RevenueForecast
}

export interface Question<What extends keyof Answers = keyof Answers> {
  readonly what: What
  /** Of the prediction. */
  readonly name: string
  readonly asOf: Instant
  readonly seed: number
}

/** @throws RapportError as `namedPrediction`, and those of what is asked */
export async function answer<What extends keyof Answers>(
  warehouse: Warehouse,
  question: Question<What>,
  work?: Work,
): Promise<Answers[What]> {
  return (await answerAny(warehouse, question, work)) as Answers[What]
}

async function answerAny(warehouse: Warehouse, { what, name, asOf, seed }: Question, work?: Work) {
  const known = await namedPrediction(warehouse, name, asOf)
  switch (what) {
    case 'check':
      return checkPrediction(warehouse, known.prediction, { asOf, seed }, work)
    case 'score':
      return scorePrediction(warehouse, known, asOf, work)
    case 'evaluate':
      return evaluatePrediction(warehouse, known.prediction, { asOf, seed }, work)
    case 'forecast':
      return forecastPrediction(warehouse, known, asOf)
  }
}
