import { type Calibration, type Table, takeTableRows } from '@rapport/learn'
import { type Matrix, matrix } from '@rapport/numerics'
import type { Feature } from '../../features/index.ts'
import type { GroupBasis } from '../drift/group-drift.ts'
import { calibratedProbabilities } from './candidates.ts'
import type { Classes } from './classes.ts'
import type { Scorer } from './scorer.ts'

/** What is needed to say of anybody what they are. Plain data. */
export interface Teacher {
  readonly kind: 'segment-teacher'
  readonly classes: Classes
  /** Fitted to all who were labelled. */
  readonly scorer: Scorer
  /** Fitted without one fold each: these speak of those who were labelled, whom the other one knows by heart. */
  readonly scorers: readonly Scorer[]
  readonly calibration: Calibration | null
  /** `[classes]` from which probability on somebody is in; of yes and no that of no is not used. */
  readonly thresholds: readonly number[]
  /** Features that it goes by. */
  readonly names: readonly string[]
  /** Definitions of these; left out by models of before. */
  readonly features?: readonly Feature[]
  /** The middle of each number over everybody, which values are told beside; left out by models of before. */
  readonly usual?: readonly (readonly [feature: string, middle: number])[]
  /** How everybody lay when it was taught; left out by models of before. */
  readonly basis?: GroupBasis
  /** Whether those who were said not to be in it may be added: they are only everybody else. */
  readonly isNoOpen: boolean
}

/** `[n × classes]` of customers. @param fold `[n]` which scorer has not seen them; −1 for those whom none has */
export function taughtProbabilities(teacher: Teacher, of: Table, fold: Int32Array): Matrix {
  const classes = teacher.classes.names.length
  const all = matrix(of.rows, classes)
  for (const [at, scorer] of [teacher.scorer, ...teacher.scorers].entries()) {
    const rows = Int32Array.from(fold.keys()).filter((row) => fold[row] === at - 1)
    if (rows.length === 0) continue
    const said = calibratedProbabilities(scorer, teacher.calibration, takeTableRows(of, rows))
    rows.forEach((row, place) => {
      all.values.set(said.values.subarray(place * classes, (place + 1) * classes), row * classes)
    })
  }
  return all
}

/**
 * The class in whose segment each customer is, −1 for none: what they were said to be, else the likeliest if it is likely
 * enough.
 *
 * @param said `[n]` what customers were labelled, −1 for those who were not
 */
export function taughtClasses({ classes, thresholds, isNoOpen }: Teacher, of: Matrix, said: Int32Array): Int32Array {
  return said.map((label, row) => {
    if (classes.isYesNo) {
      if (label === 1) return 1
      if (label === 0 && !isNoOpen) return -1
      return of.values[2 * row + 1]! >= thresholds[1]! ? 1 : -1
    }
    if (label >= 0) return label
    const own = of.values.subarray(row * of.columns, (row + 1) * of.columns)
    const likeliest = own.indexOf(Math.max(...own))
    return own[likeliest]! >= thresholds[likeliest]! ? likeliest : -1
  })
}
