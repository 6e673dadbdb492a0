import type { NamedUse } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { storedFamilies } from './stored-families.ts'

/** Names of the features that families were asked to go by. */
export async function namedByFamilies(warehouse: Warehouse): Promise<readonly NamedUse[]> {
  return (await storedFamilies(warehouse)).map(({ family, request }) => ({
    usedBy: `family ${family}`,
    names: ((request as { readonly features?: readonly string[] }).features ?? []).map((word) => word.trim()),
  }))
}
