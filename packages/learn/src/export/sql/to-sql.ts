import { RapportError } from '@rapport/numerics'
import type { BayesModel } from '../../bayes/index.ts'
import type { KMeansModel } from '../../clustering/index.ts'
import type {
  ElasticNetModel,
  GeneralisedLinearModel,
  LeastSquaresModel,
  LogisticModel,
  MultinomialModel,
  OnlineModel,
} from '../../linear/index.ts'
import type {
  BinningModel,
  CategoryModel,
  ImputationModel,
  PowerModel,
  PreparationModel,
  QuantileModel,
  ScalingModel,
  TargetEncodingModel,
} from '../../preparation/index.ts'
import type { Calibration } from '../../selection/index.ts'
import type {
  BoostingClassesModel,
  BoostingModel,
  BoostingRankingModel,
  BoostingRegressionModel,
  ForestModel,
} from '../../trees/index.ts'
import { bayesLayers } from './bayes-sql.ts'
import { calibrationLayers } from './calibration-sql.ts'
import { quoted } from './expressions.ts'
import { kMeansLayers } from './k-means-sql.ts'
import { numbered, references, type SqlColumn, type SqlLayers } from './layers.ts'
import { logisticLayers, multinomialLayers, onlineLayers, sumLayers } from './linear-sql.ts'
import {
  binningLayers,
  categoryLayers,
  imputationLayers,
  numberOf,
  powerLayers,
  preparationLayers,
  quantileLayers,
  scalingLayers,
  targetLayers,
  wordOf,
} from './preparation-sql.ts'
import { boostingClassesLayers, boostingLayers, forestLayers } from './trees-sql.ts'

/** What can be written as SQL. */
export type SqlModel =
  | BayesModel
  | BinningModel
  | BoostingClassesModel
  | BoostingModel
  | BoostingRankingModel
  | BoostingRegressionModel
  | Calibration
  | CategoryModel
  | ElasticNetModel
  | ForestModel
  | GeneralisedLinearModel
  | ImputationModel
  | KMeansModel
  | LeastSquaresModel
  | LogisticModel
  | MultinomialModel
  | OnlineModel
  | PowerModel
  | PreparationModel
  | QuantileModel
  | ScalingModel
  | TargetEncodingModel

export interface SqlOptions {
  /** The table or view that is read; a list for a qualified name: `['main', 'customers']`. */
  readonly from: string | readonly string[]
  /** Columns of it that the model takes, in the order of its fit. Not for a preparation, which knows their names. */
  readonly columns?: readonly string[]
  /** Columns of it that are handed through beside the result: the key. Default none. */
  readonly keep?: readonly string[]
}

/**
 * A query that says of every row of a table what the model says of it in process, in DuckDB's dialect.
 *
 * Several models go one after the other: a preparation, what was fitted to it, a calibration of that. Results are
 * `prediction`, `probability` (of class 1), `probability_0` … (of each class), `cluster` and `distance`, `calibrated`; of a
 * preparation its columns by name, of other steps numbered ones (`scaled_0`). NaN and null both mean missing; where a
 * method refuses missing values the result is null.
 *
 * @returns text without a parameter in it: names and words are quoted, numbers have all their digits
 * @throws RapportError `sql.model` for what has no SQL, `sql.columns` when columns are not those of the fit,
 * `sql.names` when a name is taken twice, `sql.number`
 *
 * Cost: text in proportion to the model; a boosting of 100 trees of 31 leaves is some 200 kB.
 *
 * @example
 * toSql([preparation, model], { from: 'customers', keep: ['customer_id'] })
 */
export function toSql(model: SqlModel | readonly SqlModel[], { from, columns, keep = [] }: SqlOptions): string {
  const models = Array.isArray(model) ? (model as readonly SqlModel[]) : [model as SqlModel]
  if (models.length === 0) throw new RapportError('sql.model', 'there must be at least one model, got none')
  const kept = keep.map((name) => ({ name, sql: quoted(name) }))
  let inputs = tableInputs(models[0]!, columns)
  let query = (typeof from === 'string' ? [from] : from).map(quoted).join('.')
  for (const [step, each] of models.entries()) {
    const layers = layersOf(each, inputs)
    const isLast = step === models.length - 1
    for (const [at, given] of layers.entries()) {
      // Names of a preparation may differ in case only, which SQL cannot tell apart.
      const layer =
        isLast || at < layers.length - 1
          ? given
          : numbered(
              `step ${step}`,
              given.map(({ sql }) => sql),
            )
      query = project([...kept, ...layer], query)
      inputs = references(layer)
    }
  }
  return query.slice(1, query.lastIndexOf(')'))
}

/** One projection as a subquery, to be read by the next. */
function project(columns: readonly SqlColumn[], from: string): string {
  const names = columns.map(({ name }) => name.toLowerCase())
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    throw new RapportError('sql.names', `kept columns and results must have different names, got ${twice} twice`)
  }
  const list = columns.map(({ name, sql }) => `${sql} as ${quoted(name)}`).join(',\n  ')
  return `(select\n  ${list}\nfrom ${from}) as layer`
}

/** The table's columns as a model takes them. */
function tableInputs(first: SqlModel, columns: readonly string[] | undefined): string[] {
  if (first.kind === 'preparation') {
    if (columns === undefined) return []
    throw new RapportError('sql.columns', 'columns must be left out for a preparation, which knows their names')
  }
  if (columns === undefined) {
    throw new RapportError('sql.columns', `the ${first.kind} must be given the names of its columns, got none`)
  }
  const isText = first.kind === 'categories' || first.kind === 'target-encoding'
  return columns.map(isText ? wordOf : numberOf)
}

function layersOf(model: SqlModel, inputs: readonly string[]): SqlLayers {
  switch (model.kind) {
    case 'least-squares':
    case 'elastic-net':
    case 'generalised-linear':
      return sumLayers(model, inputs)
    case 'logistic':
      return logisticLayers(model, inputs)
    case 'online-linear':
      return onlineLayers(model, inputs)
    case 'multinomial-logistic':
      return multinomialLayers(model, inputs)
    case 'boosting':
    case 'boosting-ranking':
    case 'boosting-regression':
      return boostingLayers(model, inputs)
    case 'boosting-classes':
      return boostingClassesLayers(model, inputs)
    case 'forest':
      return forestLayers(model, inputs)
    case 'gaussian-bayes':
    case 'multinomial-bayes':
    case 'bernoulli-bayes':
      return bayesLayers(model, inputs)
    case 'k-means':
      return kMeansLayers(model, inputs)
    case 'beta-calibration':
    case 'isotonic':
    case 'platt':
      return calibrationLayers(model, inputs)
    case 'scaling':
      return scalingLayers(model, inputs)
    case 'imputation':
      return imputationLayers(model, inputs)
    case 'power':
      return powerLayers(model, inputs)
    case 'binning':
      return binningLayers(model, inputs)
    case 'quantiles':
      return quantileLayers(model, inputs)
    case 'categories':
      return categoryLayers(model, inputs)
    case 'target-encoding':
      return targetLayers(model, inputs)
    case 'preparation':
      return preparationLayers(model)
    default:
      throw new RapportError('sql.model', `there is no SQL for a model of kind ${(model as { kind: string }).kind}`)
  }
}
