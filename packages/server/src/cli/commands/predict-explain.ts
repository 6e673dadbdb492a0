import { customerNamed } from '../../insights/index.ts'
import { explainPrediction, type KnownPrediction } from '../../predictions/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Outcome } from '../command.ts'
import { describeAnyCard } from '../describe-any-card.ts'
import { describeScore } from '../describe-prediction.ts'

/**
 * The card of the model that serves; of a customer, their score with its reasons.
 *
 * @param named any id of theirs
 * @throws RapportError as `customerNamed` and `explainPrediction`
 */
export async function explain(
  warehouse: Warehouse,
  { prediction }: KnownPrediction,
  named: string | undefined,
): Promise<Outcome> {
  const { definition } = prediction
  const { name } = definition
  if (named === undefined) {
    const explained = await explainPrediction(warehouse, prediction)
    return { document: explained, text: describeAnyCard(explained.card) }
  }
  const customerId = await customerNamed(warehouse, named)
  const { modelId, score } = await explainPrediction(warehouse, prediction, customerId)
  const document = { name, customerId, modelId, score }
  if (score === null) {
    const about = `are not of its population, may not be used for ${definition.purpose}, or nothing can be said of them`
    return {
      document,
      text: `${customerId} is not scored by ${name}: they ${about}; or nobody is scored yet (rapport predict score ${name})`,
    }
  }
  const told = [`${customerId}: ${describeScore(score, definition)}`, ...score.reasons.map(({ words }) => `  ${words}`)]
  return { document, text: told.join('\n') }
}
