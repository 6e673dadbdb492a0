export { type ApiKey, callerOfKey, createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'
export { type AuditEntry, type AuditTarget, commandLine, readAudit, recordAudit } from './audit.ts'
export { type Caller, isAllowed, type Need, type Scope } from './roles.ts'
export { openSessions, type Sessions, sessionMs } from './sessions.ts'
export {
  createWriteKey,
  firstWriteKey,
  listWriteKeys,
  openWriteKeys,
  revokeWriteKey,
  type WriteKeys,
} from './write-keys.ts'
