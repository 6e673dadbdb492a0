import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { callMappings } from './call-mappings.ts'
import { readDefinition } from './definition.ts'
import { checkFolder } from './folder-source.ts'
import { putSource, type SourceView } from './stored-sources.ts'

/**
 * Keeps a source as somebody defines it; its first run is due at once.
 *
 * @param folders that the operator allows: a definition cannot
 * @throws MisfitError `sources.definition`; RapportError `sources.folder`, `sources.name` and those of a mapping
 */
export async function defineSource(
  warehouse: Warehouse,
  state: State,
  folders: readonly string[],
  name: string,
  draft: unknown,
): Promise<SourceView> {
  const definition = readDefinition(draft, Object.keys(callMappings))
  if (definition.from.type === 'folder') await checkFolder(definition.from.path, folders)
  return putSource(warehouse, state, name, definition)
}
