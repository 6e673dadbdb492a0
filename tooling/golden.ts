import { appendFileSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect } from 'vitest'

/** What every golden file holds beside its values. */
interface GoldenHead {
  /** What made the values: program and the parts of it. */
  readonly program: string
  readonly versions: Readonly<Record<string, string>>
  /** The script that made the file. */
  readonly made_by: string
  /** Name of each method that the file is the reference of → its page in docs/methods, without `.md`. */
  readonly methods: Readonly<Record<string, string>>
}

type Numbers = number | ArrayLike<number>
type ReferenceNumbers = number | ArrayLike<number | null>

/** Values of a golden file, and how ours are compared with them. */
export interface Golden<Values> {
  readonly values: Values & GoldenHead
  /**
   * Expects ours to be the reference's to a tolerance, and measures how far they are apart: the table of
   * docs/methods/README.md shows the largest difference of each method.
   *
   * A difference is |ours − reference| / max(|reference|, floor): relative, and absolute below the floor.
   *
   * @param method one that the file's `methods` names
   * @param ours a number or `[n]`; NaN where the reference is null
   * @param tolerance largest difference allowed; 0 asks for the same bits
   * @param floor 1 when left out; 0 where digits of small values count, as in tails
   */
  readonly agree: (
    method: string,
    ours: Numbers,
    reference: ReferenceNumbers,
    tolerance: number,
    floor?: number,
  ) => void
}

interface Measured {
  readonly file: string
  readonly method: string
  difference: number
  compared: number
}

const root = fileURLToPath(new URL('..', import.meta.url))
const all = new Map<string, Measured>()

// Written by a run of tooling/methods-table.mjs only, which names the file.
const report = process.env['RAPPORT_DIFFERENCES']
if (report !== undefined) {
  afterAll(() => appendFileSync(report, [...all.values()].map((row) => `${JSON.stringify(row)}\n`).join('')))
}

/**
 * Reads a golden file.
 *
 * @param url `new URL('golden/k-means.json', import.meta.url)`
 *
 * @example
 * const golden = readGolden<{ auc: number }>(new URL('golden/metrics.json', import.meta.url))
 * golden.agree('ROC AUC', ours, golden.values.auc, 1e-12)
 */
export function readGolden<Values>(url: URL): Golden<Values> {
  const values = JSON.parse(readFileSync(url, 'utf8')) as Values & GoldenHead
  const file = relative(root, fileURLToPath(url))
  return {
    values,
    agree: (method, ours, reference, tolerance, floor = 1) => {
      if (values.methods[method] === undefined) throw new Error(`${file} names no method ${method}`)
      const { difference, at, compared } = farthest(listed(ours), listed(reference), floor)
      keep({ file, method, difference, compared })
      const place = `${method}, value ${at}: ${listed(ours)[at]}, reference ${listed(reference)[at]}`
      expect(difference, place).toBeLessThanOrEqual(tolerance)
    },
  }
}

function keep({ file, method, difference, compared }: Measured): void {
  const key = `${file} ${method}`
  const row = all.get(key) ?? { file, method, difference: 0, compared: 0 }
  row.difference = Math.max(row.difference, difference)
  row.compared += compared
  all.set(key, row)
}

function farthest(
  ours: ArrayLike<number>,
  reference: ArrayLike<number | null>,
  floor: number,
): { difference: number; at: number; compared: number } {
  expect(ours.length).toBe(reference.length)
  let worst = { difference: 0, at: 0, compared: ours.length }
  for (let at = 0; at < ours.length; at += 1) {
    const difference = differenceOf(ours[at]!, reference[at] ?? Number.NaN, floor)
    if (difference > worst.difference) worst = { ...worst, difference, at }
  }
  return worst
}

/** 0 for the same value, infinities and NaN included; infinite where only one side is NaN. */
function differenceOf(ours: number, reference: number, floor: number): number {
  if (Object.is(ours, reference) || ours === reference) return 0
  const difference = Math.abs(ours - reference) / Math.max(Math.abs(reference), floor)
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
}

const listed = <T>(numbers: number | ArrayLike<T>): ArrayLike<number | T> =>
  typeof numbers === 'number' ? [numbers] : numbers
