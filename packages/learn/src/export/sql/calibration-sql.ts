import type { Calibration, IsotonicModel } from '../../selection/index.ts'
import { linear, literal, pieceOf, sigmoid } from './expressions.ts'
import { checkInputs, type SqlLayers } from './layers.ts'
import { oneScore } from './linear-sql.ts'

/** The calibrated score. */
export function calibrationLayers(model: Calibration, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, 1, inputs)
  const score = inputs[0]!
  if (model.kind === 'platt') return oneScore(linear(model.intercept, [model.slope], [score]), 'calibrated', sigmoid)
  return [[{ name: 'calibrated', sql: `case when ${score} is not null then ${isotonic(model, score)} end` }]]
}

function isotonic({ scores, values }: IsotonicModel, score: string): string {
  const between = Array.from({ length: scores.length - 1 }, (_, at) => {
    const [low, high] = [values[at]!, values[at + 1]!]
    if (low === high) return literal(low)
    const part = `((${score} - ${literal(scores[at]!)}) / ${literal(scores[at + 1]! - scores[at]!)})`
    return `(1e0 - ${part}) * ${literal(low)} + ${part} * ${literal(high)}`
  })
  return pieceOf(score, scores, [literal(values[0]!), ...between, literal(values.at(-1)!)])
}
