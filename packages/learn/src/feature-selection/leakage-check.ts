import { RapportError } from '@rapport/numerics'
import { spearman } from '../metrics/index.ts'
import { type Column, columnNamed, type Table } from '../preparation/table.ts'
import { binColumn } from './binned-column.ts'
import { isTargetRenamed, namesRows, oneSidedRows, timesAfter } from './leakage-signs.ts'
import { type Measured, measure } from './measured-column.ts'
import { outOfFoldStrength, randomFolds } from './out-of-fold-strength.ts'
import { strengthByOrder } from './strength-by-order.ts'

export interface LeakageOptions {
  /** ms: the moment as of which each row is predicted, one for all or `[n]`. Without it times are not looked at. */
  readonly asOf?: number | ArrayLike<number>
  /** Number columns that hold times in ms. Text columns of ISO dates are found by themselves. */
  readonly times?: readonly string[]
  /** A column that predicts alone from here on is suspect. Classes: area under the ROC curve; default 0.85. */
  readonly suspectFrom?: number
  /** And from here on a leak. Default 0.95. */
  readonly leakFrom?: number
  /**
   * Reasons to look for. Default all; fewer where the way in which columns are made rules others out, as `one-sided` where
   * whoever never did a thing is missing in all that is told of it.
   */
  readonly lookFor?: readonly LeakageReason[]
  /** For the folds. */
  readonly seed: number
}

export type LeakageReason =
  /** The column is the target under another name or scale. */
  | 'is-target'
  /** It is filled, or missing, for one class only. */
  | 'one-sided'
  /** It holds times after the moment of prediction. */
  | 'later'
  /** By itself it predicts better than a column of the time before usually can. */
  | 'predicts-alone'
  /** It names rows, and the names follow the order of the rows, along which the target changes. */
  | 'order'
  /** It names rows: nothing that it says holds for others. */
  | 'names-rows'

export interface LeakageFinding {
  readonly column: string
  readonly verdict: 'leak' | 'suspect'
  readonly reason: LeakageReason
  /** A sentence for the one who chose the columns. */
  readonly words: string
}

/** What `checkLeakage` found. Plain data. */
export interface LeakageReport {
  readonly kind: 'leakage-report'
  /** The worst of the findings. */
  readonly verdict: 'clean' | 'suspect' | 'leak'
  readonly findings: readonly LeakageFinding[]
  /** `[columns]` how well each predicts alone, on rows not learned from; NaN where it cannot be said. */
  readonly strengths: readonly { readonly column: string; readonly strength: number }[]
}

/**
 * Looks for columns that hold the answer, or know what only comes later.
 *
 * Statistics cannot prove a leak: a column that predicts too well, or is filled for one class only, is shown with the reason,
 * and somebody who knows where it comes from decides. That nothing was found is no proof either.
 *
 * @param of the columns to train on, and the target; n ≥ 1 rows
 * @param target name of the target in `of`: text, or numbers (ten different or fewer are classes); none missing
 * @returns findings, in the order of the columns
 * @throws RapportError `leakage.target` when a target is missing or all are equal, `leakage.as-of`, `leakage.options`,
 *   `table.column` when the target or a column of `times` is not there
 *
 * Cost: O(n log n) a column.
 * Source: Kaufman, Rosset & Perlich, "Leakage in data mining", ACM TKDD 6(4), 2012.
 *
 * @example
 * checkLeakage(customers, 'lapsed', { asOf: Date.UTC(2024, 0, 1), seed: 1 }).verdict // 'leak'
 */
export function checkLeakage(of: Table, target: string, options: LeakageOptions): LeakageReport {
  const { suspectFrom = 0.85, leakFrom = 0.95, asOf, times = [], lookFor } = options
  if (!(suspectFrom > 0 && suspectFrom <= leakFrom && leakFrom <= 1)) {
    throw new RapportError(
      'leakage.options',
      `suspectFrom and leakFrom must rise within 0 … 1, got ${suspectFrom} and ${leakFrom}`,
    )
  }
  for (const name of times) columnNamed(of, name, 'number')
  checkAsOf(asOf, of.rows)
  const aim = targetOf(of, target)
  const folds = of.rows > 1 ? randomFolds(of.rows, options.seed) : new Int32Array(of.rows)
  const findings: LeakageFinding[] = []
  const strengths: { column: string; strength: number }[] = []
  for (const column of of.columns) {
    if (column.name === target) continue
    const { name } = column
    const add = (verdict: LeakageFinding['verdict'], reason: LeakageReason, words: string): void => {
      if (lookFor && !lookFor.includes(reason)) return
      findings.push({ column: name, verdict, reason, words: `${name} ${words}` })
    }
    const { codes, names } = binColumn('leakage', column, { bins: 20, rowsMin: 1 })
    const byBins = outOfFoldStrength(codes, names.length, aim.measured, folds)
    const byOrder = strengthByOrder(column, aim.measured)
    const strength = byOrder && !(byBins && byBins.value >= byOrder.value) ? byOrder : byBins
    strengths.push({ column: name, strength: strength?.value ?? Number.NaN })
    if (isTargetRenamed(column, aim.column, aim.measured)) {
      add('leak', 'is-target', `tells ${target} row by row: it is the target under another name or scale`)
      continue
    }
    const oneSided = oneSidedRows(column, aim.measured)
    if (oneSided) {
      const { side, rows, label } = oneSided
      add(
        'leak',
        'one-sided',
        `is ${side} in ${rows} rows, practically all of them with ${target} = ${aim.nameOf(label)}: it seems to be written when the outcome is known`,
      )
    }
    const later = asOf === undefined ? undefined : timesAfter(column, asOf, times.includes(name))
    if (later) {
      add('leak', 'later', `holds times after the moment of prediction in ${later.rows} of ${later.of} rows`)
    }
    if (strength && strength.value >= suspectFrom && strength.low >= suspectFrom - 0.05) {
      const measureName = aim.measured.kind === 'amounts' ? 'share of variance explained' : 'area under the ROC curve'
      const isLeak = strength.value >= leakFrom && strength.low >= leakFrom - 0.05
      const figure = `${measureName} ${strength.value.toFixed(3)}`
      add(
        isLeak ? 'leak' : 'suspect',
        'predicts-alone',
        `predicts ${target} by itself (${figure}): make sure that it is known before`,
      )
    }
    if (namesRows(column)) {
      const isOrder = followsOrder(column) && orderTells(aim.measured, folds)
      if (isOrder)
        add('leak', 'order', `counts the rows, along which ${target} changes: a model would learn their order`)
      else add('suspect', 'names-rows', 'has another value in every row: it names rows and does not describe them')
    }
  }
  const isLeak = findings.some(({ verdict }) => verdict === 'leak')
  const verdict = isLeak ? 'leak' : findings.length > 0 ? 'suspect' : 'clean'
  return { kind: 'leakage-report', verdict, findings, strengths }
}

interface Aim {
  readonly column: Column
  readonly measured: Measured
  /** The class of a code, as the table has it. */
  readonly nameOf: (label: number) => string
}

function targetOf(of: Table, name: string): Aim {
  const column = of.columns.find((own) => own.name === name)
  if (!column) throw new RapportError('table.column', `table must have a column ${name}, got none`)
  const first = column.values[0]
  let isConstant = true
  for (let row = 0; row < of.rows; row += 1) {
    const value = column.values[row]!
    if (value === null || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new RapportError('leakage.target', `${name} must not be missing or infinite, got ${value} at row ${row}`)
    }
    isConstant &&= value === first
  }
  if (isConstant)
    throw new RapportError('leakage.target', `${name} must have two different values, got ${first ?? 'no rows'}`)
  const measured = measure(column)
  const nameOf = (label: number): string =>
    measured.kind === 'classes' ? String(column.values[measured.codes.indexOf(label)]) : ''
  return { column, measured, nameOf }
}

/** Whether numbers rise, or fall, with the rows. */
function followsOrder(column: Column): boolean {
  if (column.kind === 'text') return false
  const place = column.values.map((_, row) => row)
  const agreement = spearman(column.values, place)
  return agreement.defined && Math.abs(agreement.value) >= 0.99
}

/** Whether the place of a row, in twenty stretches, tells the target. */
function orderTells(target: Measured, folds: Int32Array): boolean {
  const n = folds.length
  const stretches = Int32Array.from(folds, (_, row) => Math.floor((row * 20) / n))
  const strength = outOfFoldStrength(stretches, 20, target, folds)
  return strength !== undefined && (target.kind === 'amounts' ? strength.low >= 0.2 : strength.low >= 0.6)
}

function checkAsOf(asOf: number | ArrayLike<number> | undefined, rows: number): void {
  if (asOf === undefined) return
  const given = typeof asOf === 'number' ? [asOf] : asOf
  if (typeof asOf !== 'number' && asOf.length !== rows) {
    throw new RapportError('leakage.as-of', `asOf must hold one time a row (${rows}), got ${asOf.length}`)
  }
  for (let row = 0; row < given.length; row += 1) {
    if (!Number.isFinite(given[row])) {
      throw new RapportError('leakage.as-of', `asOf must be finite, got ${given[row]} at row ${row}`)
    }
  }
}
