import type { PredictionDefinition } from '@rapport/protocol'
import { type Instant, MisfitError, now, RapportError } from '../../base/index.ts'
import { type Feature, storeCatalogue } from '../../features/index.ts'
import { ruleSql } from '../../rules/index.ts'
import { duckdbDialect, readQueries, type Warehouse } from '../../warehouse/index.ts'
import { lifetimeScores } from '../lifetime.ts'
import { freeModelVersion } from '../publish.ts'
import {
  checkDeclared,
  type Prediction,
  populationPointer,
  readDefinition,
  unknownFeatures,
} from './asking/definition.ts'
import { type AnyCard, modelFormat, readCard, type StoredCard, writeCard } from './model-format.ts'
import { modelText } from './model-text.ts'
import { shippedPredictions } from './shipped.ts'

const query = readQueries(new URL('./registry.sql', import.meta.url))

/** A prediction as it was declared last. */
export interface Declared {
  readonly prediction: Prediction
  readonly version: number
  readonly isOff: boolean
}

/** One model of a prediction. */
export interface ModelVersion {
  readonly modelId: string
  readonly version: number
  readonly serves: boolean
  /** Why it serves, or does not. */
  readonly because: string
  readonly kind: string
  readonly asOf: Instant
  readonly decidedAt: Instant
  readonly card: StoredCard
}

/** Every prediction that is declared, by name. */
export async function declaredPredictions(warehouse: Warehouse): Promise<Declared[]> {
  const rows = await warehouse.rows<{ version: number; definition: string; isOff: boolean }>(query('definitions'))
  return rows.map(({ version, definition, isOff }) => ({
    ...{ prediction: readDefinition(JSON.parse(definition)), version, isOff },
  }))
}

/**
 * Declares a prediction; one of the same name has a new version, where it says something else.
 *
 * @throws RapportError as `readDefinition` and `checkDeclared`, `predictions.score` where the score has the name of a feature or of
 *   what something else publishes, and `segments.rule` where the population asks for what the store does not have
 */
export async function declarePrediction(warehouse: Warehouse, json: unknown): Promise<Declared> {
  const prediction = readDefinition(json)
  checkDeclared(prediction)
  const catalogue = await storeCatalogue(warehouse, now())
  if (catalogue.some(({ name, definition }) => name === prediction.score && definition.kind !== 'score')) {
    throw new RapportError(
      'predictions.score',
      `a score must not have the name of a feature of the catalogue, got ${prediction.score}`,
    )
  }
  const [unknown] = unknownFeatures(prediction, catalogue)
  if (unknown !== undefined)
    throw new MisfitError(
      'predictions.definition',
      '/features',
      `must be families or names of features, got ${unknown}`,
    )
  checkPopulation(prediction, catalogue)
  const { name } = prediction.definition
  const shipped = (await shippedPredictions(warehouse, now())).usable
  return warehouse.transaction(async () => {
    const declared = await declaredPredictions(warehouse)
    checkScore(prediction, [...declared.map((one) => one.prediction), ...shipped])
    const before = declared.find((one) => one.prediction.definition.name === name)
    if (before && JSON.stringify(before.prediction.definition) === JSON.stringify(prediction.definition)) return before
    const definition = JSON.stringify(prediction.definition)
    await warehouse.run(query('define'), { name, definition, declared_at: { instant: now() } })
    return { prediction, version: (before?.version ?? 0) + 1, isOff: before?.isOff ?? false }
  })
}

/** Compiles the population's rule, which says what it names that is not there. */
function checkPopulation({ population }: Prediction, features: readonly Feature[]): void {
  if (population === undefined) return
  const context = { features, table: 'asked_population', asOf: now(), dialect: duckdbDialect, under: populationPointer }
  ruleSql(population, { ...context, rules: new Map() })
}

/** Two that publish under one name would take each other's scores away. */
function checkScore({ definition: { name }, score }: Prediction, others: readonly Prediction[]): void {
  const owner = others.find((other) => other.score === score && other.definition.name !== name)
  const isAnalysis = lifetimeScores.includes(score)
  if (!owner && !isAnalysis) return
  const of = owner ? `the prediction ${owner.definition.name}` : 'the analysis'
  throw new RapportError(
    'predictions.score',
    `a score must have a name of its own, got ${score}, which is that of ${of}`,
  )
}

/** Switches a prediction off, which takes its scores away at once, or on again. */
export const switchPrediction = (warehouse: Warehouse, prediction: Prediction, isOn: boolean): Promise<void> =>
  warehouse.transaction(async () => {
    const { name } = prediction.definition
    await warehouse.run(query('switch_on'), { name })
    if (isOn) return
    await warehouse.run(query('switch_off'), { name, at: { instant: now() } })
    await dropScores(warehouse, prediction)
  })

/** Takes back what a prediction says of customers, also under a name that its score had before. */
export const dropScores = (
  warehouse: Warehouse,
  { definition: { name }, score }: Pick<Prediction, 'definition' | 'score'>,
): Promise<void> => warehouse.run(query('drop_scores'), { name, score })

/** Whether somebody switched it off, as it is now: training takes long, and it may have been switched off since. */
export async function isSwitchedOff(warehouse: Warehouse, name: string): Promise<boolean> {
  return (await warehouse.rows<{ isOff: boolean }>(query('is_off'), { name }))[0]!.isOff
}

/** Every model of a prediction, the newest first. */
export async function modelVersions(warehouse: Warehouse, name: string): Promise<ModelVersion[]> {
  const rows = await warehouse.rows<Omit<ModelVersion, 'card'> & { card: string }>(query('versions'), { name })
  return rows.map((row) => ({ ...row, card: readCard(row.card, { modelId: row.modelId, name }) }))
}

export interface NewModel {
  readonly definition: PredictionDefinition
  readonly kind: string
  readonly asOf: Instant
  readonly card: AnyCard
  readonly fitted: object
  readonly serves: boolean
  readonly because: string
}

/** Stores a model under the next version of its prediction; one that serves takes the place of the one before. */
export const addModel = (
  warehouse: Warehouse,
  { definition, kind, asOf, card, fitted, serves, because }: NewModel,
): Promise<{ readonly modelId: string; readonly version: number }> =>
  warehouse.transaction(async () => {
    const { name } = definition
    const [next] = await warehouse.rows<{ version: number }>(query('next_version'), { name })
    const { modelId, version } = await freeModelVersion(warehouse, name, next!.version)
    const at = { instant: now() }
    await warehouse.run(query('add_model'), {
      ...{ model_id: modelId, name, kind, version, created_at: at, as_of: { instant: asOf } },
      ...{ card: writeCard(card), fitted: modelText({ format: modelFormat, ...fitted }) },
    })
    await warehouse.run(query('add_version'), {
      ...{ model_id: modelId, name, version, serves, because, decided_at: at },
      definition: JSON.stringify(definition),
    })
    if (serves) await warehouse.run(query('step_down'), { name, model_id: modelId })
    await warehouse.run(query('let_go'), { name })
    return { modelId, version }
  })
