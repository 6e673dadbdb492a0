import { featureFamily, type PredictionDefinition, predictionDefinition } from '@rapport/protocol'
import { fit, MisfitError, RapportError } from '../../../base/index.ts'
import type { Feature } from '../../../features/index.ts'
import { parseRule, type Rule } from '../../../rules/index.ts'

/** Where its rule stands in a definition. */
export const populationPointer = '/population'

/** A prediction that is declared, read and checked as far as it can be without a store. */
export interface Prediction {
  readonly definition: PredictionDefinition
  /** Undefined for everybody. */
  readonly population: Rule | undefined
  /** What its score is called. */
  readonly score: string
  /** What to do where the store has too little for it; of those that come with the product. */
  readonly advice?: string
}

/**
 * @throws MisfitError `predictions.definition` where the JSON is no definition, RapportError `segments.rule` where the
 * population is no rule, `predictions.population` where it is one that only holds today
 */
export function readDefinition(json: unknown): Prediction {
  const definition = fit(predictionDefinition, json, 'predictions.definition')
  const population =
    definition.population === 'everybody' ? undefined : parseRule(definition.population, populationPointer)
  const parts = population === undefined ? [] : partsOf(population)
  if (parts.some((part) => 'segment' in part)) {
    throw new RapportError(
      'predictions.population',
      'a population must be told by what was known at any moment: who was in a segment in the past is not kept, got a segment',
    )
  }
  return { definition, population, score: definition.score ?? definition.name.replaceAll('-', '_') }
}

/** What is predicted in words must be one line of a table, and nothing that a terminal obeys. */
const isSayable = (label: string): boolean => label.trim() !== '' && !/\p{Cc}|\p{Zl}|\p{Zp}/u.test(label)

/** Only a chance can be told in points from 0 to 100. */
export const isChance = ({ target }: Pick<PredictionDefinition, 'target'>): boolean =>
  target.kind === 'happens' || target.kind === 'trait'

/**
 * What a definition must not say beside what its schema knows; those that were declared before stay readable.
 *
 * @throws MisfitError `predictions.definition` for a name that stands for every prediction, a label that cannot be shown, points
 * of what is no chance, and for what a series, which is of no customer, would leave unheard
 */
export function checkDeclared({ definition }: Prediction): void {
  const refuse = (field: string, must: string): never => {
    throw new MisfitError('predictions.definition', `/${field}`, must)
  }
  if (definition.name === 'all') refuse('name', 'must not be all, which stands for every prediction')
  if (!isSayable(definition.label)) refuse('label', 'must be words on one line, without control characters')
  if (definition.as === 'points' && !isChance(definition)) {
    refuse('as', `must be left out for ${definition.target.kind}: points from 0 to 100 tell a chance`)
  }
  const { kind } = definition.target
  if (kind !== 'series' && kind !== 'session') return
  const { population, features, purpose, as, score, cutOff } = definition
  const said = {
    ...{ population: population !== 'everybody', features: features !== 'all', purpose: purpose !== 'profiling' },
    ...{ as: as !== 'probability', score: score !== undefined, cutOff: cutOff !== undefined },
  }
  const unheard = Object.entries(said).find(([, isSaid]) => isSaid)
  const whose =
    kind === 'series'
      ? 'a series, which is of the shop and of no customer'
      : 'a session, which is asked after each event'
  if (unheard) refuse(unheard[0], `must be left out for ${whose}`)
}

/** Whether it is to be told by a feature: itself, its family or everything was asked for. */
export const isAskedFor = ({ definition: { features } }: Prediction, { name, group }: Feature): boolean =>
  features === 'all' || features.some((word) => word === name || word === group)

/** Names and families that it asks for and the catalogue does not have. */
export function unknownFeatures(
  { definition: { features } }: Prediction,
  catalogue: readonly Feature[],
): readonly string[] {
  const known = new Set([...featureFamily.options, ...catalogue.map(({ name }) => name)])
  return features === 'all' ? [] : features.filter((word) => !known.has(word))
}

/** Names of the features that the population's rule tests. */
export const featuresOfPopulation = ({ population }: Prediction): readonly string[] => [
  ...new Set(
    population === undefined ? [] : partsOf(population).flatMap((part) => ('feature' in part ? part.feature : [])),
  ),
]

/** Names of the events that it asks for or tells its population by. */
export const eventsOf = ({
  definition: { target },
  population,
}: Pick<Prediction, 'definition' | 'population'>): readonly string[] => [
  ...new Set([
    ...(population === undefined ? [] : partsOf(population).flatMap((part) => ('event' in part ? part.event : []))),
    ...('of' in target && typeof target.of === 'object' && 'event' in target.of ? [target.of.event] : []),
  ]),
]

export const testsTraits = ({ population }: Prediction): boolean =>
  population !== undefined && partsOf(population).some((part) => 'trait' in part)

/** A rule's tests, without the groups that they stand in. */
function partsOf(rule: Rule): readonly Exclude<Rule, { all: unknown } | { any: unknown } | { not: unknown }>[] {
  if ('all' in rule) return rule.all.flatMap(partsOf)
  if ('any' in rule) return rule.any.flatMap(partsOf)
  if ('not' in rule) return rule.not.flatMap(partsOf)
  return [rule]
}
