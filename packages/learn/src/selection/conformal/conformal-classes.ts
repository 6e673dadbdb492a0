import { type Matrix, RapportError, rowOf } from '@rapport/numerics'
import { checkedNumbers } from '../../linear/checked-numbers.ts'
import { conformalMargin, type TooFewRows } from './conformal-margin.ts'

export interface ConformalClassesOptions {
  /** Share of new rows whose class is in their set, at least; in (0, 1). Default 0.9. */
  readonly confidence?: number
  /**
   * `lac` names every class that is likely enough: the smallest sets, and none at all for rows like no other. `aps` adds classes
   * from the likeliest down as long as they gather no more chance than most actual classes did: larger sets where it is hard, never
   * empty ones. Default `lac`.
   */
  readonly method?: 'lac' | 'aps'
  /** Keeps the promise within each class, for `lac`: with a rare class it is else kept by the common one alone. Default false. */
  readonly withinClasses?: boolean
}

/** From where on a class is among those that a row may be. Plain data. */
export interface ConformalClassesModel {
  readonly kind: 'conformal-classes'
  readonly method: 'lac' | 'aps'
  /** `[classes]` the largest score of nonconformity that is let in, one a class. */
  readonly margins: Float64Array
  readonly confidence: number
  readonly n: number
}

/**
 * Conformal prediction of classes: sets that hold the actual class with a promised chance, whatever the model, as long as new rows
 * are of the same kind.
 *
 * @param probabilities `[n × classes]` 0 … 1, for rows that the model was not trained on
 * @param actual `[n]` whole numbers 0 … classes − 1
 * @returns `too-few-rows` also when a class has too few, for `withinClasses`
 * @throws RapportError `conformal-classes.probabilities`, `.actual`, `.confidence`, `.method`
 *
 * Source: Sadinle, Lei & Wasserman, "Least ambiguous set-valued classifiers with bounded error levels", JASA 114, 2019 (`lac`);
 * Romano, Sesia & Candès, "Classification with valid and adaptive coverage", NeurIPS 2020 (`aps`, not randomised). As MAPIE's.
 */
export function fitConformalClasses(
  probabilities: Matrix,
  actual: ArrayLike<number>,
  { confidence = 0.9, method = 'lac', withinClasses = false }: ConformalClassesOptions = {},
): ConformalClassesModel | TooFewRows {
  checkProbabilities(probabilities)
  if (method === 'aps' && withinClasses) {
    throw new RapportError('conformal-classes.method', 'withinClasses must go with the method lac, got aps')
  }
  const { rows: n, columns: classes } = probabilities
  const truth = checkedNumbers('conformal-classes', 'actual', n, actual, 0)
  const wrong = truth.findIndex((own) => !Number.isInteger(own) || own >= classes)
  if (wrong >= 0) {
    throw new RapportError(
      'conformal-classes.actual',
      `actual must be whole numbers 0 … ${classes - 1}, got ${truth[wrong]} at row ${wrong}`,
    )
  }
  const scores = truth.map((own, row) => scoresOf(method, rowOf(probabilities, row))[own]!)
  const margins = new Float64Array(classes)
  for (let own = 0; own < classes; own += 1) {
    const some = withinClasses ? scores.filter((_, row) => truth[row] === own) : scores
    const margin = conformalMargin('conformal-classes', some, confidence)
    if (typeof margin !== 'number') return margin
    margins[own] = margin
  }
  return { kind: 'conformal-classes', method, margins, confidence, n }
}

/**
 * The classes that each row may be.
 *
 * @param probabilities `[n × classes]`
 * @returns `[n]` lists of classes, the likeliest first
 * @throws RapportError `conformal-classes.probabilities`
 */
export function conformalClassSets(model: ConformalClassesModel, probabilities: Matrix): number[][] {
  checkProbabilities(probabilities)
  if (probabilities.columns !== model.margins.length) {
    throw new RapportError(
      'conformal-classes.probabilities',
      `probabilities must have the ${model.margins.length} classes of the fit, got ${probabilities.columns}`,
    )
  }
  return Array.from({ length: probabilities.rows }, (_, row) => {
    const own = rowOf(probabilities, row)
    const scores = scoresOf(model.method, own)
    const order = likeliestFirst(own)
    const kept = order.filter((at) => scores[at]! <= model.margins[at]!)
    return model.method === 'aps' && kept.length === 0 ? order.slice(0, 1) : kept
  })
}

/** How unlike each class a row is: 1 − its probability, or the chance of it and all likelier ones. */
function scoresOf(method: 'lac' | 'aps', probabilities: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(probabilities.length)
  let gathered = 0
  likeliestFirst(probabilities).forEach((own, place) => {
    gathered += probabilities[own]!
    // All classes together are 1, whatever their sum was rounded to: else the last one would be let in by chance.
    const chance = place === probabilities.length - 1 ? 1 : Math.min(gathered, 1)
    scores[own] = method === 'lac' ? 1 - probabilities[own]! : chance
  })
  return scores
}

const likeliestFirst = (probabilities: ArrayLike<number>): number[] =>
  Array.from(probabilities, (_, own) => own).sort((one, other) => probabilities[other]! - probabilities[one]!)

function checkProbabilities({ values, columns }: Matrix): void {
  const wrong = values.findIndex((value: number) => !(value >= 0 && value <= 1))
  if (wrong >= 0) {
    throw new RapportError(
      'conformal-classes.probabilities',
      `every probability must be 0 … 1, got ${values[wrong]} at row ${Math.floor(wrong / columns)}`,
    )
  }
}
