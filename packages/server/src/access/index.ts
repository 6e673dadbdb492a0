export {
  type ApiKey,
  callerOfKey,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from './api-keys.ts'
export { LoginAttempts, TooSoonError } from './attempts.ts'
export { type AuditEntry, type AuditTarget, commandLine, readAudit, recordAudit } from './audit.ts'
export { invitedOperator, inviteOwner, inviteToJoin, openByInvitation } from './invitations.ts'
export { type Credentials, join, logIn, setCredentials } from './login.ts'
export { networkOf } from './network-of.ts'
export {
  findOperator,
  listOperators,
  type Operator,
  operatorOfEmail,
  removeOperator,
  setRole,
} from './operators.ts'
export { type Caller, isAllowed, type Need, type Role } from './roles.ts'
export { callerOfSession, endSession, listSessions, revokeSession, type Session, sessionMs } from './sessions.ts'
export { type Rate, TokenBuckets } from './token-bucket.ts'
export {
  createWriteKey,
  firstWriteKey,
  listWriteKeys,
  openWriteKeys,
  revokeWriteKey,
  type WriteKeys,
} from './write-keys.ts'
