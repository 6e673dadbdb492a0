import { RapportError } from '@rapport/numerics'

/**
 * Refuses weights that do not say how much each row counts.
 *
 * @throws RapportError `<method>.weights` for another number of them than rows, or one that is not finite and above 0
 */
export function checkRowWeights(method: string, weights: Float64Array | undefined, rows: number): void {
  if (!weights) return
  if (weights.length !== rows) {
    throw new RapportError(`${method}.weights`, `weights must have ${rows} values (rows), got ${weights.length}`)
  }
  const wrong = weights.findIndex((weight) => !(weight > 0 && weight < Infinity))
  if (wrong >= 0) {
    throw new RapportError(
      `${method}.weights`,
      `weights must be finite and above 0, got ${weights[wrong]} at row ${wrong}`,
    )
  }
}
