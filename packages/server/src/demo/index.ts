export {
  type DemoOptions,
  type DemoSummary,
  demoUntilDefault,
  demoVersion,
  isDemoIncomplete,
  makeDemo,
  removeIncompleteDemo,
} from './make-demo.ts'
export { type OracleReading, oracleSegments, oracleValues } from './oracle.ts'
export type { ScenarioName } from './scenario.ts'
export { type CustomerTruth, type DemoTruth, readTruth } from './truth.ts'
