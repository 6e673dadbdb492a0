import { takeRows } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../../base/index.ts'
import { customerFolds } from '../../customer-folds.ts'
import { pause } from '../../pause.ts'
import type { OutcomeRows } from '../asking/cuts.ts'

/** With many rows three folds train on enough, and save two fits in five. */
const foldsFor = (rows: number): number => (rows > 2000 ? 3 : 5)

/**
 * `[n]`, or `[n × width]`, what is said of each row by a fit that did not see its customer.
 *
 * @param fit fits a value to some rows
 * @param say as many numbers a row each time; called with rows that the value was not fitted to
 */
export async function outOfFold<Fitted>(
  rows: OutcomeRows,
  seed: number,
  fit: (own: OutcomeRows) => Fitted | Promise<Fitted>,
  say: (fitted: Fitted, own: OutcomeRows) => Float64Array,
  work?: Work,
): Promise<Float64Array> {
  let honest: Float64Array | undefined
  const folds = customerFolds(rows.customerIds, { folds: foldsFor(rows.outcomes.length), seed })
  for (const [at, { train, test }] of folds.entries()) {
    await pause(work)
    work?.onProgress?.({ stage: 'fold', done: at, total: folds.length })
    const said = say(await fit(takeOutcomes(rows, train)), takeOutcomes(rows, test))
    stopIfAborted(work)
    const width = said.length / test.length
    honest ??= new Float64Array(rows.outcomes.length * width)
    for (const [place, row] of test.entries())
      honest.set(said.subarray(place * width, (place + 1) * width), row * width)
  }
  return honest!
}

const takeOutcomes = (rows: OutcomeRows, indices: Int32Array): OutcomeRows => ({
  ...rows,
  customerIds: Array.from(indices, (row) => rows.customerIds[row]!),
  matrix: takeRows(rows.matrix, indices),
  outcomes: Float64Array.from(indices, (row) => rows.outcomes[row]!),
})
