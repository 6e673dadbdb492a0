import type { Instant } from '../../base/index.ts'
import { storedFeatures } from '../../features/index.ts'
import type { StateQueries } from '../../state/index.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import { segmentJson } from '../live/segment-definition.ts'
import { namesIn } from '../live/segments-in-order.ts'
import {
  featuresIn,
  type StoredSegmentDefinition,
  segmentVersions,
  storedSegmentDefinitions,
  unknown,
} from '../live/stored-segment-definitions.ts'
import { compiledAlone, goneWords, type RuleWords, ruleWords } from './rule-words.ts'
import type { Filling, Standing } from './standing.ts'

/** A declared segment, how many are in it, and what it is tied to. */
export interface DescribedSegment {
  readonly id: string
  readonly name: string
  readonly words: string
  readonly kind: 'rule' | 'list'
  readonly version: number
  readonly declaredAt: Instant
  /** Null where nobody was looked at for this version yet. */
  readonly customers: number | null
  /** Whether everybody was looked at for this version. */
  readonly isReady: boolean
  readonly usesFeatures: readonly string[]
  readonly usesSegments: readonly string[]
  readonly usedBy: readonly string[]
  /** What its rule names that is no more: `names winter.3, which is no more`. */
  readonly warnings: readonly string[]
}

export interface SegmentListing {
  readonly isReady: boolean
  readonly filling: Filling | null
  readonly segments: readonly DescribedSegment[]
}

/** Every declared segment, by id. */
export async function describeSegments(queries: StateQueries, standing: Standing): Promise<SegmentListing> {
  const all = await storedSegmentDefinitions(queries)
  const { isReady, filling } = standing
  return { isReady, filling, segments: all.map((one) => described(one, all, standing)) }
}

/** One with its definition, its rule in plain language, and its versions, the latest first. */
export interface SegmentDocument extends DescribedSegment {
  readonly filling: Filling | null
  readonly definition: object
  readonly ruleWords: RuleWords | null
  readonly versions: readonly {
    readonly version: number
    readonly declaredAt: Instant
    readonly definition: object | null
  }[]
}

/** @throws RapportError `segments.unknown` */
export async function describeSegment(queries: StateQueries, id: string, standing: Standing): Promise<SegmentDocument> {
  const all = await storedSegmentDefinitions(queries)
  const held = all.find((segment) => segment.id === id)
  if (held === undefined) throw unknown(id)
  const versions = await segmentVersions(queries, id)
  return {
    ...described(held, all, standing),
    filling: standing.filling?.segments.includes(id) ? standing.filling : null,
    definition: segmentJson(held),
    ruleWords: ruleWords(await compiledOf(queries, held, all, standing), id),
    versions: versions.map(({ definition, ...version }) => ({
      ...version,
      definition: definition === null ? null : segmentJson(definition),
    })),
  }
}

/** As it is held, or, where another version is, by itself. */
async function compiledOf(
  queries: StateQueries,
  segment: StoredSegmentDefinition,
  declared: readonly StoredSegmentDefinition[],
  { compiled }: Standing,
): Promise<CompiledSegments> {
  if (isHeldIn(compiled, segment)) return compiled
  const features = (await storedFeatures(queries)).map(({ definition }) => definition)
  const isDeclared = new Set(declared.map(({ id }) => id))
  const ofFamilies = compiled.segments.map(({ definition }) => definition).filter(({ id }) => !isDeclared.has(id))
  return compiledAlone(segment, [...declared, ...ofFamilies], features)
}

/** Another version may be what everybody was looked at for. */
const isHeldIn = (compiled: CompiledSegments, { id, version }: StoredSegmentDefinition): boolean =>
  compiled.segments.some((one) => one.definition.id === id && one.version === version)

function described(
  segment: StoredSegmentDefinition,
  all: readonly StoredSegmentDefinition[],
  { compiled, members, filling, isReady }: Standing,
): DescribedSegment {
  const { id, name, words, rule, version, declaredAt } = segment
  const isHeld = isHeldIn(compiled, segment)
  const usesSegments = rule === null ? [] : [...new Set(namesIn(rule, '').map((named) => named.id))].sort()
  return {
    ...{ id, name, words, kind: rule === null ? 'list' : 'rule', version, declaredAt },
    customers: isHeld && members !== null ? members.size(id) : null,
    isReady: isReady && isHeld && !filling?.segments.includes(id),
    usesFeatures: rule === null ? [] : [...new Set(featuresIn(rule))].sort(),
    usesSegments,
    usedBy: all.flatMap((other) =>
      other.rule !== null && namesIn(other.rule, '').some((named) => named.id === id) ? [other.id] : [],
    ),
    warnings: isHeld ? goneWords(compiled, id) : [],
  }
}
