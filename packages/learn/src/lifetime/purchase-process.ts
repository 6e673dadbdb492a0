import type { Random } from '@rapport/numerics'
import type { BgNbdModel, MbgNbdModel } from './beta-geometric.ts'
import { betaGeometricProcess } from './beta-geometric-process.ts'
import type { ParetoNbdModel } from './pareto-nbd.ts'
import { paretoProcess } from './pareto-process.ts'

/** A fitted model of when customers buy and when they stop. */
export type PurchaseModel = BgNbdModel | MbgNbdModel | ParetoNbdModel

/** One customer's history: frequency, recency, age. */
export interface History {
  readonly frequency: number
  readonly recency: number
  readonly age: number
}

/** What can be asked of the purchase process at given parameters; times in the unit it was fitted in. */
export interface PurchaseProcess {
  /** Probability that the customer has not dropped out by the end of their age. */
  probabilityAlive(history: History): number
  /** Expected repeat purchases of a new customer within `horizon` of their first purchase. */
  expectedOfNew(horizon: number): number
  /** Expected purchases within `horizon` from the end of their age, given that they are alive then. */
  expectedIfAlive(history: History, horizon: number): number
  /** Probabilities of 0 … countMax repeat purchases of a new customer within `horizon`. */
  countsOfNew(horizon: number, countMax: number): Float64Array
  /** Probabilities of 0 … countMax purchases within `horizon` from the end of their age, given that they are alive. */
  countsIfAlive(history: History, horizon: number, countMax: number): Float64Array
  /**
   * Draws the moments, within `horizon` from the end of their age, at which a customer who is alive buys; in any order.
   *
   * How many there are is drawn first, and given that they lie uniformly: no rate and no time between two is drawn.
   */
  drawIfAlive(history: History, horizon: number, random: Random, onPurchase: (moment: number) => void): void
}

/** The parameters as an array, in the order of `logCovariance`. */
export function parametersOf(model: PurchaseModel): Float64Array {
  if (model.kind === 'pareto-nbd') {
    const { r, alpha, s, beta } = model.parameters
    return Float64Array.of(r, alpha, s, beta)
  }
  const { r, alpha, a, b } = model.parameters
  return Float64Array.of(r, alpha, a, b)
}

/** The purchase process of a kind of model at `parameters`, in the order of `logCovariance`. */
export function processOf(kind: PurchaseModel['kind'], parameters: Float64Array): PurchaseProcess {
  const [first, second, third, fourth] = parameters as unknown as [number, number, number, number]
  if (kind === 'pareto-nbd') return paretoProcess({ r: first, alpha: second, s: third, beta: fourth })
  return betaGeometricProcess({ r: first, alpha: second, a: third, b: fourth }, kind === 'bg-nbd' ? 0 : 1)
}
