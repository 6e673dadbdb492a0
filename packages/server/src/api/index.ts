export { buildServer, type RunningServer, type ServerOptions, type ServerParts, startServer } from './start-server.ts'
