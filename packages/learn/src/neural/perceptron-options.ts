import { RapportError } from '@rapport/numerics'
import { checkPenalty } from '../linear/checked-numbers.ts'

export interface PerceptronOptions {
  /** Units of each hidden layer, first to last; one layer or more, each 1 or more. Default [32]. */
  readonly hidden?: readonly number[]
  /** How hidden units bend their sums. Default `relu`. */
  readonly activation?: 'relu' | 'tanh'
  /** λ ≥ 0: λ / 2 · Σ weight² beside the summed loss of a batch: scikit-learn's alpha. Default 1e-4. */
  readonly penalty?: number
  /** Share of hidden units that each step leaves out, 0 … below 1. Default 0. */
  readonly dropout?: number
  /** Length of Adam's steps, above 0. Default 0.001. */
  readonly learningRate?: number
  /** Rows of a step, 1 or more. Default 200, or all rows where there are fewer. */
  readonly batch?: number
  /** Passes over the rows at most. Default 200. */
  readonly epochsMax?: number
  /** Share of the rows that are kept out to see when to stop, 0 … below 1; 0 watches the training loss. Default 0.1. */
  readonly holdoutShare?: number
  /** Stop when this many epochs brought no loss that is lower by `tolerance`. Default 10. */
  readonly patience?: number
  /** Default 1e-4. */
  readonly tolerance?: number
  /** `[n]` each ≥ 0; rows without weight are left out. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** The same seed, data and options give the same network, bit for bit. */
  readonly seed: number
}

export type PerceptronSettings = Required<Omit<PerceptronOptions, 'weights' | 'seed'>>

/** @throws RapportError `perceptron.` `hidden`, `activation`, `penalty`, `dropout`, `rate`, `batch`, `epochs`, `holdout`, `patience` or `tolerance` */
export function perceptronSettings(options: PerceptronOptions): PerceptronSettings {
  const settings: PerceptronSettings = {
    hidden: options.hidden ?? [32],
    activation: options.activation ?? 'relu',
    penalty: options.penalty ?? 1e-4,
    dropout: options.dropout ?? 0,
    learningRate: options.learningRate ?? 1e-3,
    batch: options.batch ?? 200,
    epochsMax: options.epochsMax ?? 200,
    holdoutShare: options.holdoutShare ?? 0.1,
    patience: options.patience ?? 10,
    tolerance: options.tolerance ?? 1e-4,
  }
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1
  const { hidden, activation, dropout, learningRate, batch, epochsMax, holdoutShare, patience, tolerance } = settings
  demand('hidden', hidden.length > 0 && hidden.every(whole), 'hidden must hold whole numbers ≥ 1', hidden)
  demand('activation', activation === 'relu' || activation === 'tanh', 'activation must be relu or tanh', activation)
  checkPenalty('perceptron', settings.penalty)
  demand('dropout', dropout >= 0 && dropout < 1, 'dropout must be at least 0 and below 1', dropout)
  demand('rate', learningRate > 0 && learningRate < Infinity, 'learningRate must be above 0', learningRate)
  demand('batch', whole(batch), 'batch must be a whole number ≥ 1', batch)
  demand('epochs', whole(epochsMax), 'epochsMax must be a whole number ≥ 1', epochsMax)
  demand('holdout', holdoutShare >= 0 && holdoutShare < 1, 'holdoutShare must be at least 0 and below 1', holdoutShare)
  demand('patience', whole(patience), 'patience must be a whole number ≥ 1', patience)
  demand('tolerance', tolerance >= 0, 'tolerance must be at least 0', tolerance)
  return settings
}

function demand(reason: string, holds: boolean, rule: string, got: unknown): void {
  if (!holds) throw new RapportError(`perceptron.${reason}`, `${rule}, got ${Array.isArray(got) ? `[${got}]` : got}`)
}
