import type { FeatureDefinition, FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import {
  type FeatureVersion,
  featureLineage,
  featureVersions,
  type StoredFeature,
  storedFeature,
  storedFeatures,
} from './stored-definitions.ts'

/** A declared feature with who uses it. */
export interface DescribedFeature {
  readonly name: string
  readonly label: string
  readonly entity: FeatureEntity
  readonly unit: string | null
  readonly version: number
  readonly declaredAt: Instant
  readonly uses: readonly string[]
  readonly usedBy: readonly string[]
  /** What the catalogue calls it; null where it has none of its entity. */
  readonly catalogueName: string | null
}

/** What the catalogue calls declared features, by their own names. */
export type CatalogueNames = ReadonlyMap<string, string>

/** Every declared feature, by name. */
export async function describeFeatures(
  queries: StateQueries,
  names: CatalogueNames,
): Promise<readonly DescribedFeature[]> {
  const lineage = await featureLineage(queries)
  return (await storedFeatures(queries)).map((stored) => described(stored, lineage, names))
}

/** One with its versions, the latest first. @throws RapportError `features.undeclared` */
export async function describeFeature(
  queries: StateQueries,
  name: string,
  names: CatalogueNames,
): Promise<
  DescribedFeature & { readonly definition: FeatureDefinition; readonly versions: readonly FeatureVersion[] }
> {
  const stored = await storedFeature(queries, name)
  const { definition } = stored
  const lineage = await featureLineage(queries)
  return { ...described(stored, lineage, names), definition, versions: await featureVersions(queries, name) }
}

function described(
  { definition, version, declaredAt }: StoredFeature,
  lineage: Awaited<ReturnType<typeof featureLineage>>,
  names: CatalogueNames,
): DescribedFeature {
  const { name, label, entity, unit = null } = definition
  const { uses, usedBy } = lineage.get(name)!
  return { name, label, entity, unit, version, declaredAt, uses, usedBy, catalogueName: names.get(name) ?? null }
}
