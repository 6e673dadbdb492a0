export { type Progress, RapportError, stopIfAborted, type Work } from '@rapport/numerics'
export { configurationSchema } from './configuration/configuration-schema.ts'
export {
  type ConfigurationSources,
  type ConfiguredValue,
  describeConfiguration,
  readConfiguration,
} from './configuration/read-configuration.ts'
export { type Configuration, environmentName, settings } from './configuration/settings.ts'
export { countOf } from './count-of.ts'
export { errorOf, type Failure, failureOf } from './crossing.ts'
export { eachInTurns } from './each-in-turns.ts'
export { elapsedMs } from './elapsed.ts'
export { fit, fitBody, MisfitError, misfitOf, PlacedError, placedError, prototypeKeyIn } from './fit.ts'
export { gathered } from './gathered.ts'
export { inTurns, servingMs } from './in-turns.ts'
export { dayMs, type Instant, isoOf, now } from './instant.ts'
export { heldAt, mustOf, wordOf } from './issue-words.ts'
export { deepestJson, documentOfBytes, jsonOfBytes, Nesting, storable } from './json-of-bytes.ts'
export { loggable } from './loggable.ts'
export { microsPerUnit } from './money.ts'
export { similarNames } from './nearest-name.ts'
export { newId } from './new-id.ts'
export { oneAtATime } from './one-at-a-time.ts'
export { Opened } from './opened.ts'
export {
  allowedHosts,
  type GuardedFetch,
  guardedFetch,
  isPublicAddress,
  type OutgoingAnswer,
  type OutgoingRequest,
} from './outgoing/index.ts'
export { within } from './progress.ts'
export { saidValue, saidWithUnit } from './said-value.ts'
export { shortened } from './shortened.ts'
export { sideBySide } from './side-by-side.ts'
export { significant } from './significant.ts'
export { syncPath } from './sync-path.ts'
export { version } from './version.ts'
