/**
 * A fitted model of something that comes true or not, over numbers that may be missing, as everything that computes
 * features reads it: log odds are added up of linear terms and of trees, and a sigmoid makes them a probability. JSON.
 */
export interface Scoring {
  /** Log odds before anything is known. */
  readonly base: number
  readonly terms: readonly LinearTerm[]
  readonly trees: readonly ScoringTree[]
  /** Of the calibration: the probability is 1 / (1 + exp(−(slope · log odds + offset))). */
  readonly slope: number
  readonly offset: number
}

/** What an input adds to the log odds: coefficient · clamped((value − centre) / scale). */
export interface LinearTerm {
  readonly input: number
  /** `log`: sign(x) · ln(1 + |x|); `missing`: 1 where it is missing, else 0. */
  readonly of: 'value' | 'log' | 'missing'
  /** On that scale, in the place of what is missing. */
  readonly fill: number
  readonly centre: number
  readonly scale: number
  /** The most that the scaled value may be away from 0. */
  readonly most: number
  readonly coefficient: number
}

/** A leaf's log odds, or a question: up to the threshold goes left. */
export type ScoringTree =
  | number
  | {
      readonly input: number
      readonly upTo: number
      /** Whether what is missing goes left. */
      readonly missingLeft: boolean
      readonly left: ScoringTree
      readonly right: ScoringTree
    }

/**
 * @param inputs as many as the model has; null is missing
 * @returns a probability
 *
 * Cost: O(terms + trees · depth): microseconds.
 */
export function scoreOf({ base, terms, trees, slope, offset }: Scoring, inputs: readonly (number | null)[]): number {
  let odds = base
  for (const term of terms) odds += termOf(term, inputs[term.input]!)
  for (const tree of trees) {
    let node = tree
    while (typeof node !== 'number') {
      const value = inputs[node.input]!
      node = (value === null ? node.missingLeft : value <= node.upTo) ? node.left : node.right
    }
    odds += node
  }
  return 1 / (1 + Math.exp(-(slope * odds + offset)))
}

function termOf({ of, fill, centre, scale, most, coefficient }: LinearTerm, value: number | null): number {
  const own =
    of === 'missing' ? (value === null ? 1 : 0) : value === null ? fill : of === 'log' ? signedLog(value) : value
  return coefficient * Math.max(-most, Math.min(most, (own - centre) / scale))
}

const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value))
