import type { FeatureDefinition } from '@rapport/protocol'
import { compileSegments } from '../live/compile.ts'
import type { CompiledSegments, SegmentNode } from '../live/compiled.ts'
import type { SegmentDefinition } from '../live/segment-definition.ts'
import { segmentsNamed } from '../live/segments-in-order.ts'

/** A part of a rule as a marketer reads it. */
export interface RuleWords {
  /** To it in the definition of the segment. */
  readonly pointer: string
  /** `all of these hold`; `“Product Viewed” in the last 7 days is at least 2` */
  readonly words: string
  readonly parts: readonly RuleWords[]
}

/** One segment as it is compiled, for what is said of its rule alone. @param all those that it may name */
export function compiledAlone(
  definition: SegmentDefinition,
  all: readonly SegmentDefinition[],
  features: readonly FeatureDefinition[],
): CompiledSegments {
  const segments = [...segmentsNamed(definition, all), definition]
  return compileSegments({ segments, features, timezone: 'UTC' })
}

/** The rule of a segment in plain language, part by part; null of a list. */
export function ruleWords(compiled: CompiledSegments, id: string): RuleWords | null {
  const { root } = compiled.segments.find(({ definition }) => definition.id === id)!
  return root === null ? null : wordsOf(root, compiled)
}

/** What a rule names that is no more, or not live, so that nobody is in it: `names winter.3, which is no more`. */
export function goneWords(compiled: CompiledSegments, id: string): readonly string[] {
  const root = compiled.segments.find(({ definition }) => definition.id === id)?.root
  return root ? [...new Set(goneUnder(root))].map((words) => `names ${words}`) : []
}

const goneUnder = (node: SegmentNode): readonly string[] =>
  node.kind === 'gone' ? [node.words] : 'parts' in node ? node.parts.flatMap(goneUnder) : []

const groups = { all: 'all of these', any: 'at least one of these', not: 'none of these' } as const

function wordsOf(node: SegmentNode, compiled: CompiledSegments): RuleWords {
  const { pointer } = node
  if (node.kind === 'test') return { pointer, words: compiled.tests[node.test]!.words, parts: [] }
  if (node.kind === 'segment')
    return { pointer, words: `is in ${compiled.segments[node.segment]!.definition.name}`, parts: [] }
  if (node.kind === 'gone') return { pointer, words: `is in ${node.words}: nobody is`, parts: [] }
  return { pointer, words: groups[node.kind], parts: node.parts.map((part) => wordsOf(part, compiled)) }
}
