import { wrong } from './label-list.ts'

/** What customers can be. */
export interface Classes {
  /** Yes or no: one segment, of those who are it. Otherwise a segment for each class. */
  readonly isYesNo: boolean
  /** By number: for yes and no `['no', 'yes']`, else the words in order. */
  readonly names: readonly string[]
}

const yes = ['yes', 'y', 'true', '1', 'positive']
const no = ['no', 'n', 'false', '0', 'negative']

/** Fewer of a class tell nothing of it. */
const classMin = 10
const labelledMin = 40
const classesMax = 10

/**
 * The classes that labels speak of, and each label's.
 *
 * @param labels `[n]` words
 * @throws RapportError `segments.labels` when they are too few, all the same, or of too many classes
 */
export function classesOf(labels: readonly string[]): { readonly classes: Classes; readonly numbers: Int32Array } {
  const plain = labels.map((label) => label.toLowerCase())
  const isYesNo = plain.every((label) => yes.includes(label) || no.includes(label))
  const words = isYesNo ? plain.map((label) => (yes.includes(label) ? 'yes' : 'no')) : labels
  const names = isYesNo ? ['no', 'yes'] : [...new Set(words)].sort()
  const numbers = Int32Array.from(words, (word) => names.indexOf(word))
  checkCounts(names, numbers)
  return { classes: { isYesNo, names }, numbers }
}

function checkCounts(names: readonly string[], numbers: Int32Array): void {
  const counts = names.map(() => 0)
  for (const number of numbers) counts[number]! += 1
  const listed = names.map((name, at) => `${counts[at]} ${name}`).join(', ')
  if (numbers.length < labelledMin) {
    throw wrong(`at least ${labelledMin} customers who may be profiled must be labelled, got ${numbers.length}`)
  }
  if (counts.filter((count) => count > 0).length < 2) {
    throw wrong(`labels must say who is not in it as well: all ${numbers.length} say the same, got ${listed}`)
  }
  if (names.length > classesMax) throw wrong(`labels must be of at most ${classesMax} classes, got ${names.length}`)
  const least = counts.findIndex((count) => count < classMin)
  if (least >= 0) throw wrong(`every class must have at least ${classMin} customers, got ${listed}`)
}
