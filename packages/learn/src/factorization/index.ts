export { type AlsModel, type AlsOptions, fitAls } from './als.ts'
export { type Explanation, explainAls, foldInUsers, withUsers } from './als-fold-in.ts'
export { recommendAls, similarItemsAls } from './als-recommend.ts'
export { applyNmf, fitNmf, type NmfModel, type NmfOptions } from './nmf.ts'
export { applyPca, fitPca, invertPca, type PcaModel, type PcaOptions } from './pca.ts'
export {
  applyTruncatedSvd,
  fitTruncatedSvd,
  type TruncatedSvdModel,
  type TruncatedSvdOptions,
} from './truncated-svd.ts'
