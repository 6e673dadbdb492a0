export {
  type ConformalClassesModel,
  type ConformalClassesOptions,
  conformalClassSets,
  fitConformalClasses,
} from './conformal-classes.ts'
export {
  applyConformalInterval,
  applyConformalQuantiles,
  type ConformalIntervalModel,
  type ConformalIntervalOptions,
  type ConformalQuantilesModel,
  fitConformalInterval,
  fitConformalQuantiles,
  type Intervals,
} from './conformal-interval.ts'
export type { TooFewRows } from './conformal-margin.ts'
