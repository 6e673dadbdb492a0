export type { Analysis } from './analysis.ts'
export { type AnalyzeOptions, analyze, readAnalysis } from './analyze.ts'
export { type CustomerView, viewCustomer } from './customer-view.ts'
export { lastMoment } from './first-look.ts'
