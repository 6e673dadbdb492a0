import { checkLeakage, type Table, table } from '@rapport/learn'

/** A feature that alone all but says the label. */
export interface Leak {
  readonly feature: string
  /** How well it alone parts a class from the others, 0.5 … 1; of several classes the one that it tells best. */
  readonly auc: number
}

/** A feature by itself hardly ever tells a label this well, unless it follows from it or defines it. */
const leakFrom = 0.99

/** No feature is called so. */
const target = 'what customers were said to be'

/**
 * Features that alone tell a class from all others nearly without a mistake: what a label was made from, or what only
 * became known with it. That a value is missing on one side only is no sign here: who never did a thing is missing in all
 * that is told of it, and being a buyer is a fair label.
 *
 * @param labels `[n]` 0 … names − 1, all of them present
 */
export function findLeaks(of: Table, labels: Int32Array, names: readonly string[], seed: number): readonly Leak[] {
  const said = { name: target, kind: 'text', values: Array.from(labels, (label) => names[label]!) } as const
  const { findings, strengths } = checkLeakage(table([said, ...of.columns]), target, {
    ...{ suspectFrom: leakFrom, leakFrom, seed },
    lookFor: ['is-target', 'predicts-alone'],
  })
  const found = new Set(findings.map(({ column }) => column))
  return strengths
    .filter(({ column }) => found.has(column))
    .map(({ column, strength }) => ({ feature: column, auc: strength }))
}
