import type { FeatureValue } from '../../features/index.ts'
import type { SegmentNode } from '../live/compiled.ts'
import { decidingClauses } from '../live/deciding.ts'
import type { Evaluation } from '../live/evaluation.ts'
import { testWords } from '../live/explain.ts'
import type { DecidingClause } from '../live/movement.ts'

/** A part of a rule that decides who is in, as a marketer reads it. */
export interface Reason {
  /** To it in the definition of the segment. */
  readonly pointer: string
  /** `“Product Viewed” in the last 7 days is at least 2: it is 3` */
  readonly words: string
  readonly holds: boolean
  /** What it saw; null where that is missing, and of a segment that is named. */
  readonly value: FeatureValue
}

/** The parts of a rule that make it hold, or fail, for a customer; none of a list. */
export function reasonsOf(evaluation: Evaluation, root: SegmentNode | null): readonly Reason[] {
  if (root === null) return []
  const tests = new Map(testsUnder(root).map((node) => [node.pointer, node.test]))
  return decidingClauses(evaluation, root).map((clause: DecidingClause) => {
    const test = tests.get(clause.pointer)
    const words = test === undefined ? clause.words : testWords(evaluation, evaluation.compiled.tests[test]!)
    return { pointer: clause.pointer, words, holds: clause.holds, value: clause.value }
  })
}

type TestNode = Extract<SegmentNode, { readonly kind: 'test' }>

const testsUnder = (node: SegmentNode): readonly TestNode[] =>
  node.kind === 'test' ? [node] : 'parts' in node ? node.parts.flatMap(testsUnder) : []
