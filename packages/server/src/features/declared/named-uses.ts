import type { StateQueries } from '../../state/index.ts'
import { storedFeatures } from '../defined/stored-definitions.ts'
import type { Feature } from '../definition.ts'

/** What names features of the catalogue: a prediction, a family of segments. */
export interface NamedUse {
  /** Kind and name: `family winter`. */
  readonly usedBy: string
  /** Names of the catalogue, declared ones among them. */
  readonly names: readonly string[]
}

/**
 * Keeps which declared features are named by what the warehouse holds, in the place of all that was kept of these kinds: such
 * a feature cannot be removed. What only learned from everything there is goes on with the definitions that it learned from,
 * and keeps nothing from being removed.
 *
 * @param kinds first words of `usedBy`
 */
export async function keepNamedUses(
  queries: StateQueries,
  kinds: readonly string[],
  uses: readonly NamedUse[],
  catalogue: readonly Feature[],
): Promise<void> {
  const declared = new Map(
    catalogue.flatMap(({ name, definition }) => (definition.kind === 'declared' ? [[name, definition.name]] : [])),
  )
  const there = new Set((await storedFeatures(queries)).map(({ definition }) => definition.name))
  const wanted = new Map<string, { readonly used_by: string; readonly feature: string }>()
  for (const { usedBy, names } of uses)
    for (const name of names) {
      const feature = declared.get(name)
      if (feature !== undefined && there.has(feature)) wanted.set(`${usedBy} ${feature}`, { used_by: usedBy, feature })
    }
  for (const kind of kinds) await queries.deleteFrom('feature_users').where('used_by', 'like', `${kind} %`).execute()
  if (wanted.size > 0)
    await queries
      .insertInto('feature_users')
      .values([...wanted.values()])
      .execute()
}
