/** Labels for an axis, and the beginning that many of them had in common, said once beside the chart. */
export interface ShortLabels {
  readonly labels: readonly string[]
  /** Null when no beginning is shared. */
  readonly common: string | null
}

/** A beginning of fewer letters is no gain. */
const lettersMin = 20

/**
 * Labels without the run of whole words with which two or more of them begin, the one that saves most; `…` stands for it.
 *
 * @example
 * shortLabels(['share of purchases from Tops', 'share of purchases from Bags', 'age'])
 * // { labels: ['… Tops', '… Bags', 'age'], common: 'share of purchases from' }
 */
export function shortLabels(labels: readonly string[]): ShortLabels {
  const isIn = (label: string, shared: string): boolean => label.startsWith(`${shared} `)
  const saved = (shared: string): number =>
    shared.length < lettersMin ? 0 : shared.length * labels.filter((label) => isIn(label, shared)).length
  let common = ''
  for (const [at, label] of labels.entries()) {
    for (const other of labels.slice(at + 1)) {
      const shared = sharedWords(label, other)
      if (saved(shared) > saved(common)) common = shared
    }
  }
  if (common === '') return { labels, common: null }
  const cut = (label: string): string => (isIn(label, common) ? `… ${label.slice(common.length + 1)}` : label)
  return { labels: labels.map(cut), common }
}

/** Whole words, and at least one word of each label left. */
function sharedWords(label: string, other: string): string {
  const own = label.split(' ')
  const others = other.split(' ')
  let length = 0
  while (length < Math.min(own.length, others.length) - 1 && own[length] === others[length]) length += 1
  return own.slice(0, length).join(' ')
}
