export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  type NoInterval,
} from './bootstrap-interval.ts'
export {
  type ExperimentPowerOptions,
  experimentDays,
  minimumDetectableLift,
  powerOfExperiment,
  type SampleSize,
  sampleSize,
} from './experiment-power.ts'
export { type McNemarCounts, type McNemarTest, mcNemarCounts, mcNemarTest } from './mc-nemar.ts'
export {
  type LiftGap,
  type MeanLift,
  type MeanLiftOptions,
  meanLift,
  momentsOfShare,
  momentsOfSums,
  type SampleMoments,
} from './mean-lift.ts'
export { benjaminiHochberg, holm } from './multiple-tests.ts'
export {
  type Proportion,
  type TwoProportionOptions,
  type TwoProportionTest,
  twoProportionTest,
} from './two-proportions.ts'
export { type WelchTest, welchTest } from './welch-test.ts'
export { type Interval, wilsonInterval } from './wilson-interval.ts'
