export { type Health, openHealth } from './health/health.ts'
export { measuredDoor, measuredLog } from './health/measured.ts'
export type { Metrics } from './health/metrics.ts'
