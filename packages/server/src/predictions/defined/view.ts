import type { predictionDocument, predictionList, predictionModel, predictionSummary } from '@rapport/protocol'
import type { z } from 'zod'
import type { Instant } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Figure } from './methods/method.ts'
import type { AnyCard } from './model-format.ts'
import { allPredictions, type KnownPrediction, namedPrediction, unusablePredictions } from './predictions.ts'
import { type ModelVersion, modelVersions } from './registry.ts'
import type { SeriesCard, SeriesMethodQuality } from './series/series-card.ts'

const query = readQueries(new URL('./registry.sql', import.meta.url))

type ModelView = z.infer<typeof predictionModel>
type Summary = z.infer<typeof predictionSummary>

/** Every prediction with the model that serves, and those that this store holds nothing for. */
export async function viewPredictions(warehouse: Warehouse, asOf: Instant): Promise<z.infer<typeof predictionList>> {
  const predictions: Summary[] = []
  for (const known of await allPredictions(warehouse, asOf)) {
    predictions.push(summaryOf(known, await modelVersions(warehouse, known.prediction.definition.name)))
  }
  return { predictions, unusable: [...(await unusablePredictions(warehouse, asOf))] }
}

/**
 * One prediction with all of its models, their cards, and how far customers had moved when they were scored last.
 *
 * @throws RapportError as `namedPrediction`
 */
export async function viewPrediction(
  warehouse: Warehouse,
  name: string,
  asOf: Instant,
): Promise<z.infer<typeof predictionDocument>> {
  const known = await namedPrediction(warehouse, name, asOf)
  const models = await modelVersions(warehouse, name)
  const [drift] = await warehouse.rows<{ modelId: string; asOf: number; lookedAt: number; report: string }>(
    query('last_drift'),
    { name },
  )
  return {
    ...summaryOf(known, models),
    models: models.map((model) => ({ ...modelView(model), card: model.card.kind === 'unread' ? null : model.card })),
    drift: drift ? { ...drift, report: JSON.parse(drift.report) } : null,
  }
}

function summaryOf({ prediction, version, isOff }: KnownPrediction, models: readonly ModelVersion[]): Summary {
  const { definition, score } = prediction
  const serving = models.find(({ serves }) => serves)
  return {
    ...{ name: definition.name, label: definition.label, version, isOff, definition },
    score: definition.target.kind === 'series' || definition.target.kind === 'session' ? null : score,
    serving: serving ? modelView(serving) : null,
    models: models.length,
  }
}

function modelView({ modelId, version, serves, because, kind, asOf, decidedAt, card }: ModelVersion): ModelView {
  const model = { modelId, version, serves, because, asOf, decidedAt, method: kind }
  return card.kind === 'unread'
    ? { ...model, figures: [], baseline: null, unread: card.because }
    : { ...model, ...qualityOf(card), unread: null }
}

function qualityOf(card: AnyCard): Pick<ModelView, 'figures' | 'baseline'> {
  if (card.kind === 'series') {
    const [naive] = card.tried
    return {
      figures: figuresOf(card, card.method),
      baseline: { name: naive!.name, figures: figuresOf(card, naive!.name) },
    }
  }
  const { quality, baseline } = card
  return { figures: quality.figures.map(told), baseline: { name: baseline.name, figures: baseline.figures.map(told) } }
}

/** JSON has no infinity, and what cannot be told is null in it. */
const told = ({ name, value, interval }: Figure): ModelView['figures'][number] => ({
  ...{ name, value: Number.isFinite(value) ? value : null, interval },
})

function figuresOf({ tried }: SeriesCard, method: string): ModelView['figures'] {
  const { mase, smape, coverage, totalError }: SeriesMethodQuality = tried.find(({ name }) => name === method)!
  return [
    { name: 'MASE', value: mase, interval: null },
    { name: 'sMAPE', value: smape, interval: null },
    { name: 'share within the 80 % interval', value: coverage ?? Number.NaN, interval: null },
    { name: 'error of the total', value: totalError ?? Number.NaN, interval: null },
  ].map(told)
}
