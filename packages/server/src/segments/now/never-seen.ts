import { similarNames, type Work } from '../../base/index.ts'
import {
  type FactsOf,
  type Leaf,
  leavesOf,
  patternsOf,
  type Sought,
  type Unseen,
  unseenOf,
} from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { CompiledSegments, SegmentNode, SegmentTest } from '../live/compiled.ts'
import { isPlacedScore } from '../placed/placed-values.ts'

/** A name or value of a rule that the store has never seen: nothing can be counted by it, which a slip of the pen may be why. */
export interface NeverSeen {
  /** To the part of the rule that goes by it. */
  readonly pointer: string
  /** `the event “Product Veiwed” was never seen; similar: “Product Viewed”` */
  readonly words: string
  /** What may be meant, the likeliest first. */
  readonly similar: readonly string[]
}

/** So many names and values of a rule are asked for: each that is not there may take a tenth of a second. */
const askedMost = 20
/** Where nothing is similar, so many of what is seen most are named. */
const oftenMost = 3

/** The events, traits, scores, fields and values that a segment goes by, by itself or by what it names, and that were never seen. */
export async function neverSeen(
  warehouse: Warehouse,
  compiled: CompiledSegments,
  id: string,
  work?: Work,
): Promise<readonly NeverSeen[]> {
  const root = compiled.segments.find(({ definition }) => definition.id === id)?.root
  if (!root) return []
  const placed = new Map<string, Placed>()
  for (const one of soughtUnder(root, compiled)) {
    const form = JSON.stringify(one.sought)
    if (!placed.has(form)) placed.set(form, one)
  }
  const asked = [...placed.values()].slice(0, askedMost)
  const unseen = await unseenOf(
    warehouse,
    asked.map(({ sought }) => sought),
    work,
  )
  const isUnseen = new Set(unseen.map(({ sought }) => JSON.stringify(sought)))
  // Of an event that was never seen, no property was either.
  return unseen
    .filter(({ sought }) => !around(sought).some((one) => isUnseen.has(JSON.stringify(one))))
    .map((one) => ({ pointer: placed.get(JSON.stringify(one.sought))!.pointer, ...said(one) }))
}

/** What must have been seen for this to be. */
function around(sought: Sought): readonly Sought[] {
  if (sought.kind === 'trait-value') return [{ kind: 'trait', name: sought.name }]
  if (sought.kind !== 'field' && sought.kind !== 'value') return []
  const { of, field } = sought
  return [
    ...(of.kind === 'event' && of.name !== null ? [{ kind: 'event', name: of.name } as const] : []),
    ...(sought.kind === 'value' && isProperty(field) ? [{ kind: 'field', of, field } as const] : []),
  ]
}

const isProperty = (field: string): boolean => field.startsWith('properties.')

interface Placed {
  readonly pointer: string
  readonly sought: Sought
}

/** @param at where a part stands that is of a segment which the rule names */
function soughtUnder(node: SegmentNode, compiled: CompiledSegments, at?: string): readonly Placed[] {
  const pointer = at ?? node.pointer
  if (node.kind === 'gone') return []
  if (node.kind === 'segment') {
    const { root } = compiled.segments[node.segment]!
    return root === null ? [] : soughtUnder(root, compiled, pointer)
  }
  if (node.kind !== 'test') return node.parts.flatMap((part) => soughtUnder(part, compiled, at))
  return soughtBy(compiled.tests[node.test]!, compiled.plan.leaves)
    .flatMap((sought) => [...around(sought), sought])
    .map((sought) => ({ pointer, sought }))
}

function soughtBy(test: SegmentTest, leaves: readonly Leaf[]): readonly Sought[] {
  if (test.kind !== 'compare') return ofLeaf(leaves[test.leaf]!)
  const { tree, values } = test
  const own = leavesOf(tree).flatMap((place) => ofLeaf(leaves[place]!))
  if (tree.kind !== 'leaf' || test.type === 'number') return own
  return [...own, ...values.flatMap((value) => comparedWith(leaves[tree.leaf]!, String(value)))]
}

/** A text that what a leaf says is compared with. */
function comparedWith(leaf: Leaf, value: string): readonly Sought[] {
  if (leaf.kind === 'trait') return [{ kind: 'trait-value', name: leaf.trait, value }]
  if (leaf.kind !== 'aggregate' || leaf.of === null) return []
  return ofValue({ kind: leaf.pattern.kind, name: leaf.pattern.name }, leaf.of.field, value)
}

function ofLeaf(leaf: Leaf): readonly Sought[] {
  if (leaf.kind === 'trait') return [{ kind: 'trait', name: leaf.trait }]
  // What a family's model says is no score that anything publishes.
  if (leaf.kind === 'score') return isPlacedScore(leaf.score) ? [] : [{ kind: 'score', name: leaf.score }]
  return patternsOf(leaf).flatMap(({ kind, name, conditions }) => {
    const of: FactsOf = { kind, name }
    const fields = [...conditions.map(({ field }) => field), ...(leaf.kind === 'aggregate' ? [leaf.of?.field] : [])]
    return [
      ...(kind === 'event' && name !== null ? [{ kind: 'event', name } as const] : []),
      ...fields.flatMap((field): Sought[] => (field && isProperty(field) ? [{ kind: 'field', of, field }] : [])),
      ...conditions.flatMap((condition) => {
        if (condition.as !== 'text' || !('value' in condition)) return []
        const isPath = condition.op === 'within'
        return [condition.value].flat().flatMap((value) => ofValue(of, condition.field, value, isPath))
      }),
    ]
  })
}

/** Every hour comes round. */
const ofValue = (of: FactsOf, field: string, value: string, isPath = false): readonly Sought[] =>
  field === 'hour' ? [] : [{ kind: 'value', of, field, value, isPath }]

function said({ sought, seen }: Unseen): Pick<NeverSeen, 'words' | 'similar'> {
  const given = nameOf(sought)
  const similar = similarNames(given, seen)
  const named = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ')
  const isValue = sought.kind === 'value' || sought.kind === 'trait-value'
  const often = isValue && similar.length === 0 ? seen.slice(0, oftenMost) : []
  const instead =
    similar.length > 0 ? `; similar: ${named(similar)}` : often.length > 0 ? `; often seen: ${named(often)}` : ''
  return { words: `${subjectOf(sought)} was never seen${instead}`, similar }
}

function nameOf(sought: Sought): string {
  if (sought.kind === 'field') return sought.field
  return 'value' in sought ? sought.value : sought.name
}

function subjectOf(sought: Sought): string {
  switch (sought.kind) {
    case 'trait-value':
      return `“${sought.value}” as the trait “${sought.name}”`
    case 'field':
      return `“${sought.field}” of ${factsWords(sought.of)}`
    case 'value':
      return `“${sought.value}” as ${sought.field} of ${factsWords(sought.of)}`
    default:
      return `the ${sought.kind} “${sought.name}”`
  }
}

const factsWords = ({ kind, name }: FactsOf): string =>
  kind === 'line' ? `${name} lines` : name === null ? 'events' : `“${name}”`
