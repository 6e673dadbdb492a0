export { type AlsModel, type AlsOptions, fitAls } from './als.ts'
export { type Explanation, explainAls, foldInUsers, withUsers } from './als-fold-in.ts'
export { recommendAls, similarItemsAls } from './als-recommend.ts'
