import type { BoostingModel, FittedStep } from '@rapport/learn'
import type { LinearTerm, Scoring, ScoringTree } from '../../../features/index.ts'
import type { FittedCandidate } from '../../candidates.ts'
import type { LinearScorer } from '../../scorer.ts'

/** Prepared values are standardised, and lie no farther out: see `scorer.ts`. */
const most = 5

/** A fitted candidate over numbers as features are scored by it: `probabilitiesOf` says the same of the same rows. */
export function scoringOf({ scorer, calibration }: Pick<FittedCandidate, 'scorer' | 'calibration'>): Scoring {
  const sigmoid =
    calibration.kind === 'share'
      ? { slope: 0, offset: Math.log(calibration.share / (1 - calibration.share)) }
      : { slope: calibration.slope, offset: calibration.intercept }
  switch (scorer.kind) {
    case 'constant':
      return { ...sigmoid, base: 0, terms: [], trees: [] }
    case 'linear':
      return { ...sigmoid, base: scorer.model.intercept, terms: termsOf(scorer), trees: [] }
    case 'trees':
      return { ...sigmoid, base: scorer.model.baseline, terms: [], trees: treesOf(scorer.model, scorer.features) }
    case 'forest':
      throw new TypeError('a forest must not be asked of sessions: its shares are no log odds')
  }
}

function termsOf({ preparation, columns, featureOfColumn, model }: LinearScorer): readonly LinearTerm[] {
  const steps = preparation.steps.flatMap(columnsOf)
  return columns.map((column, place): LinearTerm => {
    const { isIndicator, fill, centre, scale } = steps[column]!
    return {
      input: featureOfColumn[place]!,
      ...{ of: isIndicator ? 'missing' : 'log', fill, centre, scale, most },
      coefficient: model.coefficients[place]!,
    }
  })
}

interface PreparedColumn extends Pick<LinearTerm, 'fill' | 'centre' | 'scale'> {
  readonly isIndicator: boolean
}

/** The columns that a step makes, in their order: the number, and whether it was missing. */
function columnsOf(step: FittedStep): readonly PreparedColumn[] {
  if (step.kind !== 'number' || step.reshape !== null)
    throw new TypeError(`a session must be told by plain numbers, got a step of ${step.kind}`)
  const { imputation, scaling } = step
  const number = {
    ...{ isIndicator: false, fill: imputation?.replacements[0] ?? 0 },
    ...{ centre: scaling?.centres[0] ?? 0, scale: scaling?.spreads[0] ?? 1 },
  }
  return imputation?.indicated.length ? [number, { isIndicator: true, fill: 0, centre: 0, scale: 1 }] : [number]
}

function treesOf({ trees }: BoostingModel, features: readonly number[]): readonly ScoringTree[] {
  const nodeOf = (node: number): ScoringTree => {
    const column = trees.columns[node]!
    if (column < 0) return trees.values[node]!
    return {
      input: features[column]!,
      upTo: trees.thresholds[node]!,
      missingLeft: trees.missingLeft[node] === 1,
      left: nodeOf(trees.lefts[node]!),
      right: nodeOf(trees.rights[node]!),
    }
  }
  return Array.from({ length: trees.starts.length - 1 }, (_, tree) => nodeOf(trees.starts[tree]!))
}
