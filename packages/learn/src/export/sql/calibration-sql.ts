import type { BetaCalibrationModel, Calibration, IsotonicModel } from '../../selection/index.ts'
import { linear, literal, pieceOf, sigmoid } from './expressions.ts'
import { checkInputs, numbered, type SqlLayers } from './layers.ts'
import { oneScore } from './linear-sql.ts'

/** The calibrated score. */
export function calibrationLayers(model: Calibration, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, 1, inputs)
  const score = inputs[0]!
  if (model.kind === 'platt') return oneScore(linear(model.intercept, [model.slope], [score]), 'calibrated', sigmoid)
  if (model.kind === 'beta-calibration') return beta(model, score)
  return [[{ name: 'calibrated', sql: `case when ${score} is not null then ${isotonic(model, score)} end` }]]
}

function beta({ a, b, intercept }: BetaCalibrationModel, score: string): SqlLayers {
  const [least, most] = [literal(Number.EPSILON), literal(1 - Number.EPSILON)]
  const inside = `case when ${score} < ${least} then ${least} when ${score} > ${most} then ${most} else ${score} end`
  const logs = ['ln("inside_0")', 'ln(1e0 - "inside_0")']
  return [numbered('inside', [inside]), ...oneScore(linear(intercept, [a, -b], logs), 'calibrated', sigmoid)]
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
