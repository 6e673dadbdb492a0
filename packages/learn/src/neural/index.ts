export {
  fitPerceptronAmounts,
  fitPerceptronClasses,
  type PerceptronModel,
  predictPerceptronAmounts,
  predictPerceptronClasses,
} from './perceptron.ts'
export type { PerceptronOptions } from './perceptron-options.ts'
