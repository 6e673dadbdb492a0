export { RapportError } from './error.ts'
export { type Cholesky, cholesky, inverseFromCholesky, solveCholesky } from './linear-algebra/cholesky.ts'
export { triangularise } from './linear-algebra/householder.ts'
export { type SingularValues, singularValues } from './linear-algebra/singular-values.ts'
export { weightedGram } from './linear-algebra/weighted-gram.ts'
export { checkList } from './matrix/check-list.ts'
export { checkMatrix, kindOf } from './matrix/check-matrix.ts'
export {
  checkFinite,
  checkSquarable,
  columnOf,
  type Matrix,
  matrix,
  matrixFromRows,
  rowOf,
  takeRows,
} from './matrix/matrix.ts'
export { type SparseMatrix, sparseFromTriplets, transposeSparse } from './matrix/sparse-matrix.ts'
export {
  type LbfgsOptions,
  type Minimum,
  minimise,
  minimiseBySimplex,
  minimiseFromStarts,
  type NelderMeadOptions,
  numericHessian,
  type Objective,
  type Stop,
} from './optimise/index.ts'
export { Arena, type Span } from './pool/arena.ts'
export { borrowKernels, type DirectKernelOptions, type DirectKernels, directKernels } from './pool/direct-kernels.ts'
export { type KernelOptions, type Kernels, withKernels } from './pool/with-kernels.ts'
export { type Random, seededRandom } from './random/random.ts'
export {
  betaQuantile,
  digamma,
  erf,
  erfc,
  gammaQuantile,
  gaussLegendre,
  log1mExp,
  logAddExp,
  logBeta,
  logGamma,
  logHypergeometric,
  logIntegral,
  logSumExp,
  normalCdf,
  normalQuantile,
  type QuadratureRule,
  regularisedBeta,
  regularisedGamma,
  regularisedGammaUpper,
  stirlingError,
  studentTCdf,
  studentTQuantile,
  trigamma,
} from './special/index.ts'
export type { KernelName } from './wasm/twins.ts'
export { nextTurn } from './work/next-turn.ts'
export { type Progress, stopIfAborted, type Work } from './work/work.ts'
