import { applyPca, fitPca, type PcaModel } from '@rapport/learn'
import type { Matrix } from '@rapport/numerics'

/** Directions in which the shapes of groups can be told from as many customers as shops have. */
export const mixtureDirections = 8
/** Directions in which density still differs from place to place; in thirty every customer is far from every other. */
export const densityDirections = 5

/** The directions in which rows differ most; null where there are few columns anyway. */
export const directionsOf = (data: Matrix, most: number): PcaModel | null =>
  data.columns <= most ? null : fitPca(data, { components: most })

/** Rows along those directions; as they are where there are none. */
export const alongDirections = (directions: PcaModel | null, data: Matrix): Matrix =>
  directions === null ? data : applyPca(directions, data)
