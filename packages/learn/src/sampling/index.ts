export { correctClassPriors, correctPrior, type PriorShift } from './class-shares.ts'
export { type ClassWeights, classWeights } from './class-weights.ts'
export { type ResampledRows, type ResamplingOptions, resampleClasses } from './resample-classes.ts'
