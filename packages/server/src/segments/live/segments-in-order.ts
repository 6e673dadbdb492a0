import { RapportError } from '../../base/index.ts'
import { type LiveRule, wrongRule } from '../../rules/index.ts'
import { groupOf } from './groups.ts'
import type { SegmentDefinition } from './segment-definition.ts'

/**
 * Segments so that each comes after those it names, else as given; names that none of them has are passed over.
 *
 * @throws RapportError `segments.rule` for segments that lead back to themselves
 */
export function segmentsInOrder(segments: readonly SegmentDefinition[]): readonly SegmentDefinition[] {
  const byId = new Map<string, SegmentDefinition>()
  for (const segment of segments) {
    if (byId.has(segment.id))
      throw new RapportError('segments.definition', `segments must have ids of their own, got two named ${segment.id}`)
    byId.set(segment.id, segment)
  }
  const ordered = new Set<SegmentDefinition>()
  const put = (segment: SegmentDefinition, path: readonly string[]): void => {
    if (ordered.has(segment)) return
    for (const { id, pointer } of segment.rule === null ? [] : namesIn(segment.rule, '/rule')) {
      const named = byId.get(id)
      if (named === undefined) continue
      if (path.includes(id))
        throw wrongRule(segment.id + pointer, `must not lead back to itself, got ${[...path, id].join(' → ')}`)
      put(named, [...path, id])
    }
    ordered.add(segment)
  }
  for (const segment of segments) put(segment, [segment.id])
  return [...ordered]
}

/** Of all segments those that one leads to by name, itself left out. */
export function segmentsNamed<Segment extends SegmentDefinition>(
  { id, rule }: SegmentDefinition,
  all: readonly Segment[],
): readonly Segment[] {
  const byId = new Map(all.map((segment) => [segment.id, segment]))
  const found = new Map<string, Segment>()
  const follow = (from: LiveRule | null): void => {
    for (const named of from === null ? [] : namesIn(from, '')) {
      const segment = byId.get(named.id)
      if (segment === undefined || segment.id === id || found.has(segment.id)) continue
      found.set(segment.id, segment)
      follow(segment.rule)
    }
  }
  follow(rule)
  return [...found.values()]
}

/** A segment that a rule names, and where. */
export interface SegmentName {
  readonly id: string
  readonly pointer: string
}

/** The segments that a rule names. */
export function namesIn(rule: LiveRule, pointer: string): readonly SegmentName[] {
  if ('segment' in rule) return [{ id: rule.segment, pointer: `${pointer}/segment` }]
  const group = groupOf(rule)
  return group === null ? [] : group.parts.flatMap((part, at) => namesIn(part, `${pointer}/${group.kind}/${at}`))
}
