import { commandLine, recordAudit } from '../../../access/index.ts'
import { RapportError } from '../../../base/index.ts'
import {
  checkFeatures,
  declareFeatures,
  nameClashes,
  removeFeature,
  shareDefinitions,
  shippedFeatures,
  storedFeatures,
  storePrices,
} from '../../../features/index.ts'
import { lastMoment } from '../../../insights/index.ts'
import {
  checkSegments,
  declareSegments,
  type LibraryOptions,
  readLiveModels,
  removeSegment,
  segmentJson,
  shippedSegments,
  storedSegmentDefinitions,
} from '../../../segments/index.ts'
import type { OptionSpecs, Outcome } from '../../command.ts'
import { readJsonFile } from '../../read-file.ts'
import { describeProblems } from './problems.ts'
import { type Both, tellServer } from './with-both.ts'

const listOf = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : [json])

const definitionsIn = ({ path }: Pick<Both, 'path'>, file: string, what: string): readonly unknown[] =>
  listOf(readJsonFile(path(file), file, what))

const told = (what: string, { version, isNew }: { readonly version: number; readonly isNew: boolean }): string =>
  isNew ? `version ${version} of ${what} is declared` : `${what} is declared already, as version ${version}`

/** Declares the features of a file, one definition or some that may refer to each other; without one those that come with the product. */
export async function declareFeaturesOf(both: Both, file: string | undefined): Promise<Outcome> {
  const { warehouse, state, tell } = both
  const json =
    file === undefined
      ? shippedFeatures({ prices: await storePrices(warehouse, await lastMoment(warehouse)) })
      : definitionsIn(both, file, 'definitions of features')
  const declared = await state.transaction(async (queries) => {
    const done = await declareFeatures(queries, json)
    for (const { definition, version, isNew } of done)
      if (isNew)
        await recordAudit(queries, {
          ...{ actor: commandLine, action: 'features.declare', target: definition.name },
          detail: { version },
        })
    return done
  })
  await shareDefinitions(warehouse, state.queries)
  await tellServer(both)
  const names = declared.map(({ definition }) => definition.name)
  for (const note of await nameClashes(warehouse, names)) tell(note)
  return { document: declared, text: declared.map((one) => told(one.definition.name, one)).join('\n') }
}

/** The same of live segments; without a file those that come with the product. */
export async function declareSegmentsOf(both: Both, file: string | undefined): Promise<Outcome> {
  const options = libraryOptions(both)
  if (file !== undefined && Object.keys(options).length > 0)
    throw new RapportError(
      'cli.option',
      'options of the segments that come with the product must be given without a file',
    )
  const json =
    file === undefined
      ? shippedSegments({ ...options, categories: await largestCategories(both) }).map(segmentJson)
      : definitionsIn(both, file, 'definitions of segments')
  const families = await readLiveModels(both.warehouse)
  const declared = await both.state.transaction(async (queries) => {
    const done = await declareSegments(queries, json, families)
    for (const { id, version, isNew } of done)
      if (isNew)
        await recordAudit(queries, {
          ...{ actor: commandLine, action: 'segments.declare', target: id },
          detail: { version },
        })
    return done
  })
  await tellServer(both)
  return { document: declared, text: declared.map((one) => told(one.id, one)).join('\n') }
}

export const declareOptions: OptionSpecs = {
  'big-spend': { type: 'string', value: 'AMOUNT', description: 'declare: spend in 365 days that makes a big spender' },
  'home-country': { type: 'string', value: 'NAME', description: 'declare: country of the shop, as traits say it: DE' },
  'high-income': { type: 'string', value: 'AMOUNT', description: 'declare: yearly income that counts as high' },
}

/** What the store does not say itself, where it was given. */
function libraryOptions({ given }: Pick<Both, 'given'>): LibraryOptions {
  const [bigSpend, highIncome] = [given.whole('big-spend', 1), given.whole('high-income', 1)]
  const homeCountry = given.text('home-country')
  return {
    ...(bigSpend === undefined ? {} : { bigSpend }),
    ...(homeCountry === undefined ? {} : { homeCountry }),
    ...(highIncome === undefined ? {} : { highIncome }),
  }
}

const largestCategories = async ({ warehouse }: Both): Promise<readonly string[]> =>
  (await storePrices(warehouse, await lastMoment(warehouse))).map(({ category }) => category)

/** Says everything that is wrong in a file; changes nothing. */
export async function checkFeaturesOf(both: Both, file: string): Promise<Outcome> {
  const json = definitionsIn(both, file, 'definitions of features')
  const held = (await storedFeatures(both.state.queries)).map(({ definition }) => definition)
  return describeProblems(checkFeatures(json, held), json.length, 'feature')
}

export async function checkSegmentsOf(both: Both, file: string): Promise<Outcome> {
  const { queries } = both.state
  const json = definitionsIn(both, file, 'definitions of segments')
  const features = (await storedFeatures(queries)).map(({ definition }) => definition)
  const segments = await storedSegmentDefinitions(queries)
  const families = await readLiveModels(both.warehouse)
  return describeProblems(checkSegments(json, { features, segments, families }), json.length, 'segment')
}

export async function removeFeatureOf(both: Both, name: string): Promise<Outcome> {
  const removed = await both.state.transaction(async (queries) => {
    const held = await removeFeature(queries, name)
    await recordAudit(queries, { actor: commandLine, action: 'features.remove', target: name })
    return held
  })
  await shareDefinitions(both.warehouse, both.state.queries)
  await tellServer(both)
  return { document: removed, text: `${name} is removed; its versions stay: rapport features versions ${name}` }
}

export async function removeSegmentOf(both: Both, id: string): Promise<Outcome> {
  const removed = await both.state.transaction(async (queries) => {
    const held = await removeSegment(queries, id)
    await recordAudit(queries, { actor: commandLine, action: 'segments.remove', target: id })
    return held
  })
  await tellServer(both)
  return { document: removed, text: `${id} is removed; its versions stay: rapport segments versions ${id}` }
}
