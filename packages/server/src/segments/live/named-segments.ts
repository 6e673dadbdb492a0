import { PlacedError } from '../../base/index.ts'
import type { ByAnalyses } from '../placed/live-model.ts'
import type { SegmentDefinition } from './segment-definition.ts'
import { namesIn, type SegmentName } from './segments-in-order.ts'

/** What rules may name: segments by their ids, and why not those of some families. */
export interface NamableSegments {
  readonly ids: Iterable<string>
  readonly byAnalyses: readonly ByAnalyses[]
}

/** Families whose members every analysis finds anew. */
const ofAnalyses: readonly string[] = ['rfm', 'discovered']

/** As many ids are named to somebody who looks for one. */
const namedMost = 10

/** What is wrong with the segments that a rule names; nothing with those of a list. */
export const nameErrors = ({ id, rule }: SegmentDefinition, namable: NamableSegments): readonly PlacedError[] =>
  rule === null ? [] : namedErrors(id, namesIn(rule, '/rule'), namable)

/** The same of the segments that are named in a rule which cannot be read as a whole. @param id of the segment whose rule it is */
export function namedErrors(
  id: string,
  named: readonly SegmentName[],
  { ids, byAnalyses }: NamableSegments,
): readonly PlacedError[] {
  const known = new Set(ids)
  return named
    .filter((named) => !known.has(named.id))
    .map((named) => {
      const unnamable = unnamableOf(named.id, byAnalyses)
      const words =
        unnamable === undefined
          ? `must be a known segment, got ${named.id}; ${ofAnalyses.includes(familyOf(named.id)) ? 'segments of analyses cannot be named, ' : ''}${namable(named.id, known, id)}`
          : `must be a segment that is live, got ${named.id}, ${whyGone(named.id, byAnalyses)}`
      return new PlacedError('segments.rule', `${id}${named.pointer} ${words}`, named.pointer)
    })
}

/** Why nobody is in a segment that a rule names and that is not among those that there are. */
export function whyGone(id: string, byAnalyses: readonly ByAnalyses[]): string {
  const unnamable = unnamableOf(id, byAnalyses)
  if (unnamable === undefined) return 'which is no more'
  return `which is not live: only analyses find who is in ${unnamable.family}, because ${unnamable.because}`
}

const familyOf = (id: string): string => id.slice(0, id.indexOf('.'))

const unnamableOf = (id: string, byAnalyses: readonly ByAnalyses[]): ByAnalyses | undefined =>
  byAnalyses.find(({ family }) => family === familyOf(id))

/** Those that there are, of the same kind first. */
function namable(wanted: string, known: ReadonlySet<string>, self: string): string {
  const isAkin = (id: string): number => (familyOf(id) === familyOf(wanted) ? 0 : 1)
  const others = [...known]
    .filter((id) => id !== self)
    .sort((one, other) => isAkin(one) - isAkin(other) || (one < other ? -1 : 1))
  if (others.length === 0) return 'there is no other'
  const more = others.length - namedMost
  return `there are ${others.slice(0, namedMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
