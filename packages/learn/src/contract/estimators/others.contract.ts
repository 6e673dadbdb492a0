import { type Matrix, matrix, matrixFromRows, takeRows } from '@rapport/numerics'
import { fitFittedQ, predictFittedQ } from '../../bandits/index.ts'
import { fitBernoulliBayes, fitGaussianBayes, fitMultinomialBayes, predictBayes } from '../../bayes/index.ts'
import { applyNmf, applyPca, applyTruncatedSvd, fitNmf, fitPca, fitTruncatedSvd } from '../../factorization/index.ts'
import {
  fitNeighbourAmounts,
  fitNeighbourClasses,
  predictNeighbourAmounts,
  predictNeighbourClasses,
} from '../../neighbours/index.ts'
import {
  fitPerceptronAmounts,
  fitPerceptronClasses,
  predictPerceptronAmounts,
  predictPerceptronClasses,
} from '../../neural/index.ts'
import {
  applyBetaCalibration,
  applyConformalInterval,
  applyConformalQuantiles,
  applyIsotonic,
  applyPlatt,
  conformalClassSets,
  fitBetaCalibration,
  fitConformalClasses,
  fitConformalInterval,
  fitConformalQuantiles,
  fitIsotonic,
  fitPlatt,
} from '../../selection/index.ts'
import { estimator } from '../estimator.contract.ts'
import { scoreInputs } from '../other-inputs.contract.ts'
import {
  amountInputs,
  classInputs,
  countInputs,
  countRowInputs,
  rowInputs,
  type TargetRows,
} from '../row-inputs.contract.ts'

const quick = { epochsMax: 5, hidden: [4], seed: 3 }
const componentsOf = ({ rows, columns }: Matrix): number => Math.min(2, rows, columns)

export const bayesEstimators = [
  estimator({
    name: 'fitGaussianBayes',
    inputs: classInputs(3),
    fit: ({ data, targets }) => fitGaussianBayes(data, targets),
    use: (model, { data }) => predictBayes(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitMultinomialBayes',
    inputs: countInputs(),
    fit: ({ data, targets }) => fitMultinomialBayes(data, targets),
    use: (model, { data }) => predictBayes(model, data),
  }),
  estimator({
    name: 'fitBernoulliBayes',
    inputs: countInputs(),
    fit: ({ data, targets }) => fitBernoulliBayes(data, targets),
    use: (model, { data }) => predictBayes(model, data),
    hasNoUnits: true,
  }),
]

export const neighbourEstimators = [
  estimator({
    name: 'fitNeighbourAmounts',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitNeighbourAmounts(data, targets, { neighbours: 2, voice: 'distance' }),
    use: (model, { data }) => predictNeighbourAmounts(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitNeighbourClasses',
    inputs: classInputs(3),
    fit: ({ data, targets }) => fitNeighbourClasses(data, targets),
    use: (model, { data }) => predictNeighbourClasses(model, data),
    hasNoUnits: true,
  }),
]

export const neuralEstimators = [
  estimator({
    name: 'fitPerceptronAmounts',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitPerceptronAmounts(data, targets, quick),
    use: (model, { data }) => predictPerceptronAmounts(model, data),
  }),
  estimator({
    name: 'fitPerceptronClasses',
    inputs: classInputs(3),
    fit: ({ data, targets }) => fitPerceptronClasses(data, targets, { ...quick, dropout: 0.2, activation: 'tanh' }),
    use: (model, { data }) => predictPerceptronClasses(model, data),
  }),
]

export const factorEstimators = [
  estimator({ name: 'fitPca', inputs: rowInputs(), fit: (data) => fitPca(data), use: applyPca }),
  estimator({
    name: 'fitTruncatedSvd',
    inputs: rowInputs(),
    fit: (data, workers) => fitTruncatedSvd(data, { components: componentsOf(data), workers, seed: 3 }),
    use: applyTruncatedSvd,
  }),
  estimator({
    name: 'fitNmf',
    inputs: countRowInputs(),
    fit: (data, workers) => fitNmf(data, { components: componentsOf(data), workers, seed: 3 }),
    use: applyNmf,
  }),
]

const chancesOf = (scores: Float64Array): Float64Array => scores.map((score) => 1 / (1 + Math.exp(-score)))
const bothChances = (scores: Float64Array): Matrix =>
  scores.length === 0 ? matrix(0, 2) : matrixFromRows(Array.from(chancesOf(scores), (chance) => [1 - chance, chance]))
const below = (scores: Float64Array): Float64Array => scores.map((score) => score - 1)

export const conformalEstimators = [
  estimator({
    name: 'fitConformalInterval',
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitConformalInterval(scores, labels),
    use: (model, { scores }) => applyConformalInterval(model, scores),
  }),
  estimator({
    name: 'fitConformalQuantiles',
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitConformalQuantiles(below(scores), scores, labels, { confidence: 0.8 }),
    use: (model, { scores }) => applyConformalQuantiles(model, below(scores), scores),
  }),
  estimator({
    name: 'fitConformalClasses',
    derives: true,
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitConformalClasses(bothChances(scores), labels, { confidence: 0.8 }),
    use: (model, { scores }) => conformalClassSets(model, bothChances(scores)),
  }),
  estimator({
    name: 'fitConformalClasses adaptive',
    derives: true,
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitConformalClasses(bothChances(scores), labels, { method: 'aps' }),
    use: (model, { scores }) => conformalClassSets(model, bothChances(scores)),
  }),
]

export const calibrationEstimators = [
  estimator({
    name: 'fitBetaCalibration',
    derives: true,
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitBetaCalibration(chancesOf(scores), labels),
    use: (model, { scores }) => applyBetaCalibration(model, chancesOf(scores)),
  }),
  estimator({
    name: 'fitIsotonic',
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitIsotonic(scores, labels),
    use: (model, { scores }) => applyIsotonic(model, scores),
  }),
  estimator({
    name: 'fitPlatt',
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitPlatt(scores, labels),
    use: (model, { scores }) => applyPlatt(model, scores),
  }),
]

/** Contacts of which each is followed by the next row's. */
const contactsOf = ({ data, targets }: TargetRows) => ({
  states: data,
  nextStates: takeRows(
    data,
    Int32Array.from({ length: data.rows }, (_, row) => Math.min(row + 1, data.rows - 1)),
  ),
  actions: Array.from({ length: data.rows }, (_, row) => row % 2),
  rewards: targets,
  ended: Array.from({ length: data.rows }, (_, row) => Number(row % 5 === 4)),
})

export const banditEstimators = [
  estimator({
    name: 'fitFittedQ',
    derives: true,
    inputs: amountInputs(),
    fit: (input) => fitFittedQ(contactsOf(input), { actions: 2, roundsMax: 5 }),
    use: (model, { data }) => predictFittedQ(model, data),
  }),
]
