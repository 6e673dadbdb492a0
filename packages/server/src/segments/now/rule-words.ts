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

/** The rule of a segment in plain language, part by part; null of a list. @param all those that it may name */
export function ruleWords(
  definition: SegmentDefinition,
  all: readonly SegmentDefinition[],
  features: readonly FeatureDefinition[],
): RuleWords | null {
  const segments = [...segmentsNamed(definition, all), definition]
  const compiled = compileSegments({ segments, features, timezone: 'UTC' })
  const { root } = compiled.segments.find((one) => one.definition.id === definition.id)!
  return root === null ? null : wordsOf(root, compiled)
}

const groups = { all: 'all of these', any: 'at least one of these', not: 'none of these' } as const

function wordsOf(node: SegmentNode, compiled: CompiledSegments): RuleWords {
  const { pointer } = node
  if (node.kind === 'test') return { pointer, words: compiled.tests[node.test]!.words, parts: [] }
  if (node.kind === 'segment')
    return { pointer, words: `is in ${compiled.segments[node.segment]!.definition.name}`, parts: [] }
  return { pointer, words: groups[node.kind], parts: node.parts.map((part) => wordsOf(part, compiled)) }
}
