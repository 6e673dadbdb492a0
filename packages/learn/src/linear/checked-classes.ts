import { checkList, RapportError } from '@rapport/numerics'

/**
 * Labels of several classes: whole numbers 0 … K − 1, each of them present.
 *
 * @param weights `[n]`; a class whose rows all weigh 0 counts as absent
 * @throws RapportError `<method>.labels`, and `<method>.classes` when one is absent or there is one only
 */
export function checkedClasses(
  method: string,
  rows: number,
  labels: ArrayLike<number>,
  weights: Float64Array,
): Int32Array {
  checkList(`${method}.labels`, 'labels', labels)
  if (labels.length !== rows) {
    throw new RapportError(`${method}.labels`, `labels must hold one number a row (${rows}), got ${labels.length}`)
  }
  const seen: boolean[] = []
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row]!
    if (!Number.isInteger(label) || label < 0 || label >= Math.max(rows, 2)) {
      throw new RapportError(
        `${method}.labels`,
        `every label must be a whole number from 0 to less than the rows, got ${label} at row ${row}`,
      )
    }
    if (weights[row]! > 0) seen[label] = true
    else seen[label] ??= false
  }
  const absent = seen.findIndex((present) => !present)
  if (seen.length < 2 || absent >= 0) {
    throw new RapportError(
      `${method}.classes`,
      seen.length < 2
        ? 'labels must hold at least the classes 0 and 1, got class 0 only'
        : `labels must hold every class from 0 to ${seen.length - 1} with weight above 0, got none of class ${absent}`,
    )
  }
  return Int32Array.from(labels)
}
