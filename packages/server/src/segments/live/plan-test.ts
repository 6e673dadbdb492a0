import type { FeatureDefinition, FeatureExpression } from '@rapport/protocol'
import type { PlannedFeature } from '../../features/index.ts'
import { type EventTest, type Operand, type Operator, wrongRule } from '../../rules/index.ts'
import type { PlacedTest } from './compile.ts'
import { type Comparison, operandList, type SegmentTest } from './compiled.ts'
import { eventExpression } from './event-expression.ts'
import { comparisonWords, expressionWords, traitWords, unitOf } from './expression-words.ts'

/**
 * A test with what it asks of the plan, its types checked.
 *
 * @param planned what its value is in the plan
 * @throws RapportError `segments.rule` with the place of what is wrong
 */
export function planTest(
  { test, place }: PlacedTest,
  { tree, type }: PlannedFeature,
  features: ReadonlyMap<string, FeatureDefinition>,
): SegmentTest {
  if ('anniversary' in test) {
    const { withinDays } = test
    const soon = withinDays === 0 ? 'is today' : `comes within ${withinDays} day${withinDays === 1 ? '' : 's'}`
    const subject = traitWords(test.anniversary)
    return { kind: 'anniversary', leaf: leafOf(tree), withinDays, subject, words: `the day of ${subject} ${soon}` }
  }
  if ('event' in test) {
    const subject = expressionWords(eventExpression(test, place), features)
    const counted = occurrences(test)
    const words = `${subject} ${comparisonWords(counted.op, counted.values)}`
    return { kind: 'compare', tree, type: 'number', unit: null, subject, words, ...counted }
  }
  const { op, value } = test
  const isNumber = 'age' in test || type === 'number'
  const compared = comparisonOf(op, value, isNumber ? 'number' : 'text', place)
  if ('age' in test) {
    const subject = `years since ${traitWords(test.age)}`
    const words = `${subject} ${comparisonWords(compared.op, compared.values)}`
    const values = compared.values as readonly number[]
    return { kind: 'age', leaf: leafOf(tree), op: compared.op, values, subject, words }
  }
  const asked = expressionOf(test)
  const unit = asked === null ? null : unitOf(asked, features)
  const subject = 'trait' in test ? traitWords(test.trait) : expressionWords(asked!, features)
  const words = `${subject} ${comparisonWords(compared.op, compared.values, unit)}`
  return { kind: 'compare', tree, type, unit, subject, words, ...compared }
}

type ComparedTest = Exclude<PlacedTest['test'], EventTest | { anniversary: string } | { age: string }>

/** Null of a trait, which has no value but what was said. */
function expressionOf(test: ComparedTest): FeatureExpression | null {
  if ('trait' in test) return null
  if ('score' in test) return { score: test.score }
  return typeof test.feature === 'string' ? { feature: test.feature } : test.feature
}

interface Compared {
  readonly op: Comparison
  readonly values: readonly (string | number)[]
}

function occurrences({ count = { atLeast: 1 } }: EventTest): Compared {
  const { atLeast, atMost } = count
  if (atMost === undefined) return { op: '>=', values: [atLeast ?? 0] }
  return atLeast === undefined ? { op: '<=', values: [atMost] } : { op: 'between', values: [atLeast, atMost] }
}

function comparisonOf(op: Operator, value: Operand | undefined, type: 'number' | 'text', place: string): Compared {
  if (op === 'top')
    throw wrongRule(
      `${place}/op`,
      'must not be top in a live segment, since others would change who is in it: name the value to reach',
    )
  const values = operandList(value)
  if (type === 'text' && !['=', '!=', 'in', 'known', 'missing'].includes(op))
    throw wrongRule(`${place}/op`, `must be =, !=, in, known or missing for text, got ${op}`)
  const other = values.find((one) => typeof one !== (type === 'number' ? 'number' : 'string'))
  if (other !== undefined)
    throw wrongRule(
      `${place}/value`,
      `must be ${type === 'number' ? 'a number' : 'text'}, got ${JSON.stringify(other)}`,
    )
  return { op, values }
}

function leafOf(tree: PlannedFeature['tree']): number {
  if (tree.kind !== 'leaf') throw new RangeError('a trait must be planned as a leaf')
  return tree.leaf
}
