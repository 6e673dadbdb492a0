import type { FeatureDefinition } from '@rapport/protocol'
import { type Instant, now, RapportError } from '../../base/index.ts'
import { keepSetting, readSetting, type StateQueries, type StateTables } from '../../state/index.ts'
import { type Lineage, lineageOf } from './lineage.ts'
import { planFeatures } from './plan-features.ts'
import { readDefinition } from './read-definition.ts'

export interface StoredFeature {
  readonly definition: FeatureDefinition
  /** 1, 2, 3, … of this name. */
  readonly version: number
  readonly declaredAt: Instant
}

export interface FeatureVersion {
  readonly version: number
  /** Null where the feature was removed. */
  readonly definition: FeatureDefinition | null
  readonly declaredAt: Instant
}

/** Each is computed for every customer after every event. */
const mostFeatures = 1000

/**
 * Declares features together, so that they may refer to each other. A definition that says something else than the one
 * before is a new version. All or nothing; call it inside a transaction.
 *
 * @returns each as it holds now, in the order given, and whether that is new
 * @throws RapportError `features.definition`, `features.field`, `features.unknown`, `features.cycle` with the feature and a JSON
 * pointer, also where a feature that uses a changed one no longer fits it; `features.full`
 */
export async function declareFeatures(
  queries: StateQueries,
  documents: readonly unknown[],
): Promise<readonly (StoredFeature & { readonly isNew: boolean })[]> {
  const wanted = documents.map(readDefinition)
  await takeTurn(queries)
  const held = new Map((await storedFeatures(queries)).map((stored) => [stored.definition.name, stored]))
  const names = new Set(wanted.map(({ name }) => name))
  const others = [...held.values()].map(({ definition }) => definition).filter(({ name }) => !names.has(name))
  planFeatures([...others, ...wanted])
  if (others.length + wanted.length > mostFeatures)
    throw new RapportError(
      'features.full',
      `a store must have at most ${mostFeatures} features, got ${others.length + wanted.length}`,
    )
  const declared = []
  for (const definition of wanted) {
    const before = held.get(definition.name)
    declared.push(
      before !== undefined && JSON.stringify(before.definition) === JSON.stringify(definition)
        ? { ...before, isNew: false }
        : { definition, isNew: true, ...(await addVersion(queries, definition.name, definition)) },
    )
  }
  return declared
}

/**
 * Removes a feature that nothing uses; its versions stay. Call it inside a transaction.
 *
 * @returns as it was
 * @throws RapportError `features.undeclared`, `features.used` with who uses it
 */
export async function removeFeature(queries: StateQueries, name: string): Promise<StoredFeature> {
  await takeTurn(queries)
  const held = await storedFeature(queries, name)
  const { usedBy } = (await featureLineage(queries)).get(name)!
  if (usedBy.length > 0)
    throw new RapportError('features.used', `${name} must be used by nothing to be removed, got ${usedBy.join(', ')}`)
  await addVersion(queries, name, null)
  return held
}

/** Every feature that there is, by name. */
export async function storedFeatures(queries: StateQueries): Promise<readonly StoredFeature[]> {
  const rows = await queries
    .selectFrom('feature_versions as one')
    .selectAll()
    .where('definition', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('feature_versions as later')
            .select('later.version')
            .whereRef('later.name', '=', 'one.name')
            .whereRef('later.version', '>', 'one.version'),
        ),
      ),
    )
    .orderBy('name')
    .execute()
  return rows.map((row) => storedOf(row)!)
}

/** @throws RapportError `features.undeclared` when there is none of this name */
export async function storedFeature(queries: StateQueries, name: string): Promise<StoredFeature> {
  const row = await queries
    .selectFrom('feature_versions')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const stored = row === undefined ? undefined : storedOf(row)
  if (stored === undefined) throw unknown(name)
  return stored
}

/** Every version of a feature, the latest first. @throws RapportError `features.undeclared` when there never was one */
export async function featureVersions(queries: StateQueries, name: string): Promise<readonly FeatureVersion[]> {
  const rows = await queries
    .selectFrom('feature_versions')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute()
  if (rows.length === 0) throw unknown(name)
  return rows.map((row) => ({
    ...{ version: row.version, declaredAt: row.declared_at },
    definition: storedOf(row)?.definition ?? null,
  }))
}

/** What each feature is made of, and who uses it. */
export async function featureLineage(queries: StateQueries): Promise<ReadonlyMap<string, Lineage>> {
  const users = await queries.selectFrom('feature_users').select(['used_by as usedBy', 'feature']).execute()
  return lineageOf(
    (await storedFeatures(queries)).map(({ definition }) => definition),
    users,
  )
}

/**
 * Keeps which features something is made of, in the place of what was kept of it; none when it is gone. Call it in the
 * transaction that changes what uses them.
 *
 * @param usedBy kind and id: `segment rule.cart-abandoners`
 * @throws RapportError `features.undeclared`
 */
export async function keepFeatureUses(
  queries: StateQueries,
  usedBy: string,
  features: readonly string[],
): Promise<void> {
  await takeTurn(queries)
  const there = new Set((await storedFeatures(queries)).map(({ definition }) => definition.name))
  const names = [...new Set(features)]
  const missing = names.find((name) => !there.has(name))
  if (missing !== undefined) throw unknown(missing)
  await queries.deleteFrom('feature_users').where('used_by', '=', usedBy).execute()
  if (names.length > 0)
    await queries
      .insertInto('feature_users')
      .values(names.map((feature) => ({ used_by: usedBy, feature })))
      .execute()
}

/** How often the features of this store have changed: who keeps a plan sees by it whether it is of now. */
export const featureRevision = async (queries: StateQueries): Promise<number> =>
  Number((await readSetting(queries, 'features.revision')) ?? 0)

const changes = 'features.changes'

/** Whoever changes features waits until the one before is done: what was checked together must hold together. */
const takeTurn = (queries: StateQueries): Promise<void> => keepSetting(queries, changes, String(now()))

async function addVersion(
  queries: StateQueries,
  name: string,
  definition: FeatureDefinition | null,
): Promise<{ readonly version: number; readonly declaredAt: Instant }> {
  const latest = await queries
    .selectFrom('feature_versions')
    .select('version')
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const [version, declaredAt] = [(latest?.version ?? 0) + 1, now()]
  const written = definition === null ? null : JSON.stringify(definition)
  await queries
    .insertInto('feature_versions')
    .values({ name, version, definition: written, declared_at: declaredAt })
    .execute()
  await keepSetting(queries, 'features.revision', String((await featureRevision(queries)) + 1))
  return { version, declaredAt }
}

const storedOf = (row: StateTables['feature_versions']): StoredFeature | undefined =>
  row.definition === null
    ? undefined
    : {
        // Read again: a later version of the language may have more to fill in.
        definition: readDefinition(JSON.parse(row.definition)),
        ...{ version: row.version, declaredAt: row.declared_at },
      }

const unknown = (name: string): RapportError =>
  new RapportError('features.undeclared', `the feature must be one that is declared, got ${name}`)
