export type { Job, JobKind, JobStatus } from './job.ts'
export { cancel, enqueue, findJob, type JobRequest, listJobs, retry } from './queue.ts'
export { type Runner, type RunnerOptions, startRunner } from './runner.ts'
export { type Schedule, setSchedule } from './schedules.ts'
