import { type Instant, newId, now, RapportError } from '../../base/index.ts'
import { keepFeatureUses, storedFeatures } from '../../features/index.ts'
import type { LiveRule } from '../../rules/index.ts'
import { keepSetting, readSetting, type StateQueries, type StateTables } from '../../state/index.ts'
import { noFamilies, segmentsOfModels } from '../placed/read-live-models.ts'
import { compileSegments } from './compile.ts'
import { checkCounts } from './count-error.ts'
import { groupOf } from './groups.ts'
import { nameErrors } from './named-segments.ts'
import { readSegmentDefinition, type SegmentDefinition, segmentJson } from './segment-definition.ts'

export interface StoredSegmentDefinition extends SegmentDefinition {
  /** 1, 2, 3, … of this id. */
  readonly version: number
  readonly declaredAt: Instant
}

export interface SegmentVersion {
  readonly version: number
  /** Null where the segment was removed. */
  readonly definition: SegmentDefinition | null
  readonly declaredAt: Instant
}

/** Each is looked at for every customer after every event. */
const mostSegments = 500

/**
 * Declares segments together, so that they may name each other. A definition that says something else than the one before
 * is a new version. All or nothing; call it inside a transaction.
 *
 * @param families whose segments rules may name; default none
 * @returns each as it holds now, in the order given, and whether that is new
 * @throws RapportError `segments.definition`, `segments.rule`, `features.*` with the segment and a JSON pointer, also where
 * a segment that names a changed one no longer fits it; `segments.full`
 */
export async function declareSegments(
  queries: StateQueries,
  documents: readonly unknown[],
  families = noFamilies,
): Promise<readonly (StoredSegmentDefinition & { readonly isNew: boolean })[]> {
  const wanted = documents.map(readSegmentDefinition)
  for (const { id, rule } of wanted) checkCounts(rule, `${id}/rule`)
  await takeTurn(queries)
  const held = new Map((await storedSegmentDefinitions(queries)).map((stored) => [stored.id, stored]))
  const ids = new Set(wanted.map(({ id }) => id))
  const others = [...held.values()].filter(({ id }) => !ids.has(id))
  const features = (await storedFeatures(queries)).map(({ definition }) => definition)
  const all = [...others, ...wanted]
  const known = [...all.map(({ id }) => id), ...segmentsOfModels(families)]
  for (const definition of wanted)
    for (const error of nameErrors(definition, { ids: known, byAnalyses: families.byAnalyses })) throw error
  compileSegments({ segments: all, features, timezone: 'UTC' })
  if (all.length > mostSegments)
    throw new RapportError(
      'segments.full',
      `a store must have at most ${mostSegments} live segments, got ${all.length}`,
    )
  const declared = []
  for (const definition of wanted) {
    const before = held.get(definition.id)
    if (before !== undefined && written(before) === written(definition)) declared.push({ ...before, isNew: false })
    else declared.push({ ...definition, isNew: true, ...(await addVersion(queries, definition.id, definition)) })
    const named = definition.rule === null ? [] : featuresIn(definition.rule)
    await keepFeatureUses(queries, `segment ${definition.id}`, named)
  }
  return declared
}

/**
 * Removes a segment that no other names; its versions stay, a list's customers do not. Call it inside a transaction.
 *
 * @throws RapportError `segments.unknown`, `segments.used` with the segments that name it
 */
export async function removeSegment(queries: StateQueries, id: string): Promise<StoredSegmentDefinition> {
  await takeTurn(queries)
  const all = await storedSegmentDefinitions(queries)
  const held = all.find((segment) => segment.id === id)
  if (held === undefined) throw unknown(id)
  const users = all.filter(({ rule }) => rule !== null && segmentsIn(rule).includes(id)).map((segment) => segment.id)
  if (users.length > 0)
    throw new RapportError('segments.used', `${id} must be named by no segment to be removed, got ${users.join(', ')}`)
  await addVersion(queries, id, null)
  await keepFeatureUses(queries, `segment ${id}`, [])
  await queries.deleteFrom('segment_lists').where('segment_id', '=', id).execute()
  return held
}

/** Every live segment that there is, by id. */
export async function storedSegmentDefinitions(queries: StateQueries): Promise<readonly StoredSegmentDefinition[]> {
  const rows = await queries
    .selectFrom('segment_versions as one')
    .selectAll()
    .where('definition', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('segment_versions as later')
            .select('later.version')
            .whereRef('later.segment_id', '=', 'one.segment_id')
            .whereRef('later.version', '>', 'one.version'),
        ),
      ),
    )
    .orderBy('segment_id')
    .execute()
  return rows.map((row) => ({ ...definitionOf(row)!, version: row.version, declaredAt: row.declared_at }))
}

/** Every version of a segment, the latest first. @throws RapportError `segments.unknown` when there never was one */
export async function segmentVersions(queries: StateQueries, id: string): Promise<readonly SegmentVersion[]> {
  const rows = await queries
    .selectFrom('segment_versions')
    .selectAll()
    .where('segment_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  if (rows.length === 0) throw unknown(id)
  return rows.map((row) => ({ version: row.version, definition: definitionOf(row), declaredAt: row.declared_at }))
}

/** Another one whenever segments were declared or removed. */
export const segmentRevision = async (queries: StateQueries): Promise<string> =>
  (await readSetting(queries, 'segments.changes')) ?? ''

/** Who goes by segments looks at what is declared again. */
export const takeTurn = (queries: StateQueries): Promise<void> =>
  keepSetting(queries, 'segments.changes', newId('change'))

/** Lets who goes by live segments know that families of segments have other models. */
export const noteOtherModels = (queries: StateQueries): Promise<void> => takeTurn(queries)

async function addVersion(
  queries: StateQueries,
  id: string,
  definition: SegmentDefinition | null,
): Promise<{ readonly version: number; readonly declaredAt: Instant }> {
  const latest = await queries
    .selectFrom('segment_versions')
    .select('version')
    .where('segment_id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const [version, declaredAt] = [(latest?.version ?? 0) + 1, now()]
  const values = { version, definition: definition === null ? null : written(definition), declared_at: declaredAt }
  await queries
    .insertInto('segment_versions')
    .values({ segment_id: id, ...values })
    .execute()
  return { version, declaredAt }
}

function written({ id, name, words, rule }: SegmentDefinition): string {
  return JSON.stringify(segmentJson({ id, name, words, rule }))
}

const definitionOf = ({ definition }: StateTables['segment_versions']): SegmentDefinition | null =>
  definition === null ? null : readSegmentDefinition(JSON.parse(definition))

function segmentsIn(rule: LiveRule): readonly string[] {
  if ('segment' in rule) return [rule.segment]
  return groupOf(rule)?.parts.flatMap(segmentsIn) ?? []
}

/** Defined features that a rule names, itself or in an expression. */
export function featuresIn(rule: LiveRule): readonly string[] {
  const group = groupOf(rule)
  if (group !== null) return group.parts.flatMap(featuresIn)
  if (!('feature' in rule)) return []
  return typeof rule.feature === 'string' ? [rule.feature] : namedIn(rule.feature)
}

/** Expressions name features under the key `feature`; nothing else in them has it. */
function namedIn(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'feature' && typeof value === 'string' ? [value] : namedIn(value),
  )
}

export const unknown = (id: string): RapportError =>
  new RapportError('segments.unknown', `the segment must be one that is declared, got ${id}`)
