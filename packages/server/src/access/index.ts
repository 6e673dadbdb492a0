export { type ApiKey, createApiKey, isApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'
export { openSessions, type Sessions, sessionMs } from './sessions.ts'
export {
  createWriteKey,
  firstWriteKey,
  listWriteKeys,
  openWriteKeys,
  revokeWriteKey,
  type WriteKeys,
} from './write-keys.ts'
