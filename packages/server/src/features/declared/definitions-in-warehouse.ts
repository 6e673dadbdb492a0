import type { FeatureDefinition } from '@rapport/protocol'
import type { State, StateQueries } from '../../state/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { readDefinition } from '../defined/read-definition.ts'
import { featureRevision, storedFeatures } from '../defined/stored-definitions.ts'

const query = readQueries(new URL('../queries.sql', import.meta.url))

/**
 * Lets whatever reads the warehouse know the declared features: definitions are settings, and who trains, in a thread of
 * their own, has the warehouse only. Call it when the store is opened and after features were declared or removed.
 */
export async function shareDefinitions(warehouse: Warehouse, queries: StateQueries): Promise<void> {
  const definitions = (await storedFeatures(queries)).map(({ definition }) => JSON.stringify(definition))
  const held = await sharedTexts(warehouse)
  if (held.length === definitions.length && held.every((text, at) => text === definitions[at])) return
  await warehouse.transaction(async () => {
    await warehouse.run(query('forget_declared'))
    for (const [position, definition] of definitions.entries())
      await warehouse.run(query('share_declared'), { position, definition })
  })
}

/** The same for as long as the store is served: shares them when it is called and others hold than the last time. */
export function sharingDefinitions(warehouse: Warehouse, { queries }: Pick<State, 'queries'>): () => Promise<void> {
  let shared: number | undefined
  return async () => {
    const revision = await featureRevision(queries)
    if (revision === shared) return
    await shareDefinitions(warehouse, queries)
    shared = revision
  }
}

/** Every declared feature, by name, as it was shared last. */
export const sharedDefinitions = async (warehouse: Warehouse): Promise<readonly FeatureDefinition[]> =>
  (await sharedTexts(warehouse)).map((text) => readDefinition(JSON.parse(text)))

const sharedTexts = async (warehouse: Warehouse): Promise<readonly string[]> =>
  (await warehouse.rows<{ definition: string }>(query('shared_declared'))).map(({ definition }) => definition)
