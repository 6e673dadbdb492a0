export { assessQuality } from './assess-quality.ts'
export { refreshLeftOut, switchCleaning } from './cleaning.ts'
export type {
  Change,
  ClassBalance,
  CleaningStep,
  ColumnProfile,
  Finding,
  QualityReport,
  Representativeness,
  Severity,
  TableProfile,
} from './report.ts'
