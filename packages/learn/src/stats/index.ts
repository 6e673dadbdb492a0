export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  type NoInterval,
} from './bootstrap-interval.ts'
export {
  type Distribution,
  distributionCdf,
  distributionQuantile,
  distributionTail,
  distributionTailQuantile,
} from './distributions/distribution.ts'
export { noncentralTCdf } from './distributions/noncentral-t.ts'
export {
  type ExperimentPowerOptions,
  experimentDays,
  minimumDetectableLift,
  powerOfExperiment,
  type SampleSize,
  sampleSize,
} from './experiment-power.ts'
export { type Anova, oneWayAnova } from './hypothesis-tests/anova.ts'
export { type ChiSquareTest, chiSquareFit, chiSquareTest } from './hypothesis-tests/chi-square.ts'
export { binomialTest, type ExactTest, fisherExactTest } from './hypothesis-tests/exact-tests.ts'
export { type KolmogorovSmirnovTest, kolmogorovSmirnovTest } from './hypothesis-tests/kolmogorov-smirnov.ts'
export { type KolmogorovSmirnovFitOptions, kolmogorovSmirnovFit } from './hypothesis-tests/kolmogorov-smirnov-fit.ts'
export { type MannWhitneyTest, mannWhitneyTest } from './hypothesis-tests/mann-whitney.ts'
export { type MeanTest, oneSampleTTest, pairedTTest, pooledTTest, zTest } from './hypothesis-tests/t-tests.ts'
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
export { powerOfMeans, sampleSizeOfMeans } from './power-of-means.ts'
export {
  type Proportion,
  type TwoProportionOptions,
  type TwoProportionTest,
  twoProportionTest,
} from './two-proportions.ts'
export { welchTest } from './welch-test.ts'
export { type Interval, wilsonInterval } from './wilson-interval.ts'
