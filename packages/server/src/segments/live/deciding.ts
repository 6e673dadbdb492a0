import type { SegmentNode } from './compiled.ts'
import type { Evaluation } from './evaluation.ts'
import type { DecidingClause } from './movement.ts'

/**
 * The parts of a rule that make it hold, or fail: of `all` that fails the ones that fail, of `any` that holds the ones
 * that hold, else every one.
 */
export function decidingClauses(evaluation: Evaluation, node: SegmentNode): readonly DecidingClause[] {
  const { tests, segments } = evaluation.compiled
  const { pointer } = node
  const holds = evaluation.holds(node)
  if (node.kind === 'test') {
    const test = tests[node.test]!
    return [{ pointer, words: test.words, holds, value: evaluation.valueOf(test) }]
  }
  if (node.kind === 'segment') {
    const { name } = segments[node.segment]!.definition
    return [{ pointer, words: `is in ${name}`, holds, value: null }]
  }
  if (node.kind === 'gone') return [{ pointer, words: `is in ${node.words}`, holds, value: null }]
  const some = node.kind === 'all' ? !holds : node.kind === 'any' ? holds : !holds
  const wanted = node.kind === 'not' ? !holds : holds
  const parts = some ? node.parts.filter((part) => evaluation.holds(part) === wanted) : node.parts
  return parts.flatMap((part) => decidingClauses(evaluation, part))
}
