import { declareFeatures, shareDefinitions } from '../../features/index.ts'
import { declareSegments, segmentJson, shippedSegments } from '../../segments/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Outcome, Surroundings } from '../command.ts'
import { readJsonFile } from '../read-file.ts'
import { withState } from '../with-state.ts'

const listOf = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : [json])

const told = (what: string, { version, isNew }: { readonly version: number; readonly isNew: boolean }): string =>
  isNew ? `version ${version} of ${what} is declared` : `${what} is declared already, as version ${version}`

/** Declares the features of a file: one definition, or a list of some that may refer to each other. */
export const declareFeaturesOf = (
  { store, path }: Pick<Surroundings, 'store' | 'path'>,
  warehouse: Warehouse,
  file: string,
): Promise<Outcome> =>
  withState(store, async (state) => {
    const json = listOf(readJsonFile(path(file), file, 'definitions of features'))
    const declared = await state.transaction((queries) => declareFeatures(queries, json))
    await shareDefinitions(warehouse, state.queries)
    return { document: declared, text: declared.map((one) => told(one.definition.name, one)).join('\n') }
  })

/** The same of live segments; without a file those that come with the product. */
export const declareSegmentsOf = (
  { store, path }: Pick<Surroundings, 'store' | 'path'>,
  file: string | undefined,
): Promise<Outcome> =>
  withState(store, async (state) => {
    const json =
      file === undefined
        ? shippedSegments().map(segmentJson)
        : listOf(readJsonFile(path(file), file, 'definitions of segments'))
    const declared = await state.transaction((queries) => declareSegments(queries, json))
    return { document: declared, text: declared.map((one) => told(one.id, one)).join('\n') }
  })
