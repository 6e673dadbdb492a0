export { buildServer, type RunningServer, type ServerOptions, type ServerParts, startServer } from './start-server.ts'
export { firstWriteKey, openWriteKeys, type WriteKeys } from './write-keys.ts'
