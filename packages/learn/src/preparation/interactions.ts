import { type Matrix, matrix, RapportError } from '@rapport/numerics'

export interface InteractionOptions {
  /** Most columns a product has, ≥ 2. Default 2. */
  readonly degree?: number
  /** Products of different columns only, no squares. Default true: squares are `false`. */
  readonly distinct?: boolean
}

/** Which columns are multiplied. Plain data. */
export interface InteractionModel {
  readonly kind: 'interactions'
  /** Columns of the data. */
  readonly columns: number
  /** The columns of each product, rising; the single ones come first. */
  readonly products: readonly (readonly number[])[]
}

/** More columns than this help no model and fill the memory. */
const productsMax = 100_000

/**
 * The products of columns up to a degree: what lets a linear model see that one column matters more where another is high.
 *
 * Scale columns before, and again after: products of columns around 0 say more, and their own scale differs.
 *
 * @param columns of the data, ≥ 1
 * @throws RapportError `interactions.columns`, `interactions.degree`, `interactions.products` when there are more than 100,000
 *
 * The same columns in the same order as scikit-learn's `PolynomialFeatures` without its constant.
 *
 * @example
 * applyInteractions(listInteractions(2), matrixFromRows([[2, 5]])).values // Float64Array [2, 5, 10]
 */
export function listInteractions(
  columns: number,
  { degree = 2, distinct = true }: InteractionOptions = {},
): InteractionModel {
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RapportError('interactions.columns', `columns must be a whole number ≥ 1, got ${columns}`)
  }
  if (!Number.isInteger(degree) || degree < 2) {
    throw new RapportError('interactions.degree', `degree must be a whole number ≥ 2, got ${degree}`)
  }
  const products: (readonly number[])[] = []
  let last: (readonly number[])[] = [[]]
  for (let size = 1; size <= degree; size += 1) {
    const longer: (readonly number[])[] = []
    for (const product of last) {
      const least = product.at(-1) ?? (distinct ? -1 : 0)
      for (let column = distinct ? least + 1 : least; column < columns; column += 1) longer.push([...product, column])
      if (products.length + longer.length > productsMax) {
        throw new RapportError(
          'interactions.products',
          `there must be at most ${productsMax} products, got more from ${columns} columns and degree ${degree}`,
        )
      }
    }
    products.push(...longer)
    last = longer
  }
  return { kind: 'interactions', columns, products }
}

/**
 * Multiplies.
 *
 * @returns `[n × products]`, NaN where a factor is
 * @throws RapportError `interactions.columns` when `data` has others than the model
 */
export function applyInteractions({ columns, products }: InteractionModel, data: Matrix): Matrix {
  if (data.columns !== columns) {
    throw new RapportError('interactions.columns', `data must have ${columns} columns, got ${data.columns}`)
  }
  const values = new Float64Array(data.rows * products.length)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (const product of products) {
      let value = 1
      for (const column of product) value *= data.values[row * columns + column]!
      values[at] = value
      at += 1
    }
  }
  return matrix(data.rows, products.length, values)
}

/** A name for each product from the columns' names: `age × spend`. */
export const interactionNames = ({ products }: InteractionModel, names: readonly string[]): string[] =>
  products.map((product) => product.map((column) => names[column]!).join(' × '))
