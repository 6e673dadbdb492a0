import { type Matrix, rowOf } from '@rapport/numerics'
import type { BayesModel } from '../../bayes/index.ts'
import { literal, sum } from './expressions.ts'
import { checkInputs, type SqlLayers, softmax } from './layers.ts'

/** The probability of each class. */
export function bayesLayers(model: BayesModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, tableOf(model).columns, inputs)
  return softmax(
    Array.from(model.logPriors, (prior, k) =>
      sum([literal(prior), ...inputs.map((input, at) => termOf(model, k, at, input))]),
    ),
  )
}

function tableOf(model: BayesModel): Matrix {
  if (model.kind === 'gaussian-bayes') return model.means
  return model.kind === 'multinomial-bayes' ? model.logShares : model.logPresent
}

/** What a column adds to the log likelihood of class `k`. */
function termOf(model: BayesModel, k: number, column: number, input: string): string {
  const at = (table: Matrix): number => rowOf(table, k)[column]!
  switch (model.kind) {
    case 'gaussian-bayes': {
      const variance = at(model.variances)
      const distance = `(${input} - ${literal(at(model.means))})`
      // A value that is missing says nothing for or against a class.
      return `coalesce(-5e-1 * (${literal(Math.log(variance))} + ${distance} * ${distance} / ${literal(variance)}), 0e0)`
    }
    case 'multinomial-bayes':
      return `${input} * ${literal(at(model.logShares))}`
    case 'bernoulli-bayes': {
      const [present, absent] = [literal(at(model.logPresent)), literal(at(model.logAbsent))]
      return `case when ${input} > 0e0 then ${present} when ${input} = 0e0 then ${absent} end`
    }
  }
}
