import { now } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import type { CatalogueNames } from './defined/described-features.ts'
import { storeCatalogue } from './store-facts.ts'

/** What the catalogue of this store calls what is declared: another name where it has that name already. */
export async function catalogueNames(warehouse: Warehouse): Promise<CatalogueNames> {
  const catalogue = await storeCatalogue(warehouse, now())
  return new Map(
    catalogue.flatMap(({ name, definition }) => (definition.kind === 'declared' ? [[definition.name, name]] : [])),
  )
}

/** Which of these features the catalogue calls otherwise, in words for whoever declares them. */
export async function nameClashes(warehouse: Warehouse, declared: readonly string[]): Promise<readonly string[]> {
  const catalogue = new Map((await storeCatalogue(warehouse, now())).map((feature) => [feature.name, feature]))
  return declared.flatMap((name) => {
    const other = catalogue.get(name)
    if (other === undefined || other.definition.kind === 'declared') return []
    return `the catalogue has a ${name} already (${other.label}): live segments mean the one that was declared, rules and predictions of the analysis mean the catalogue’s, and call the declared one own_${name}`
  })
}
