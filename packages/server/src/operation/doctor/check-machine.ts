import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { now } from '../../base/index.ts'
import { isRapport, nameOf } from './check-server.ts'
import { type Finding, fail, megabytes, ok, warn } from './finding.ts'

/** As package.json has it. */
const oldestNode = [20, 11] as const

/** @param version `v20.20.2` */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  if (isOld) return fail('node', version, `use Node.js ${oldestNode.join('.')} or later`)
  return ok('node', version)
}

/** DuckDB may take 1 GiB, and Node.js, SQLite and the system need room beside it. */
const leastMemory = 2 * 2 ** 30

/** @param total bytes of the machine @param limit bytes that a container or service may take; 0 or huge is none */
export function checkMemory(total = totalmem(), limit = process.constrainedMemory()): Finding {
  const usable = limit > 0 && limit < total ? limit : total
  const found = `${megabytes(usable)}${usable === limit ? ' (a limit of its container or service)' : ''}`
  if (usable < leastMemory)
    return warn('memory', found, `give it at least ${megabytes(leastMemory)}: analyses may fail`)
  return ok('memory', found)
}

/** Whether the clock of the day runs as the one that only counts. @param watchedMs for how long to watch */
export async function checkClock(watchedMs = 300): Promise<Finding> {
  const [wall, steady] = [now(), performance.now()]
  await wait(watchedMs)
  const drift = now() - wall - (performance.now() - steady)
  const found = `${new Date(now()).toISOString()}, ${Math.abs(drift).toFixed(0)} ms off within ${watchedMs} ms`
  if (Math.abs(drift) <= 50) return ok('clock', found)
  return warn('clock', found, 'something sets the clock in jumps: let chrony or systemd-timesyncd keep it')
}

/** Whether the port can be taken. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  if (port === 0) return ok('port', 'any free one')
  const server = createServer()
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen({ host, port }, done))
    return ok('port', `${host}:${port} is free`)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    // As when a restored backup is tried out beside the server that it is of.
    if (code === 'EADDRINUSE' && (await isRapport(nameOf(host), port))) {
      return warn('port', `${host}:${port} is taken by a Rapport of another store`, 'to serve both, set another port')
    }
    const advice = code === 'EADDRINUSE' ? 'another program has it: end that, or set port' : 'set host and port'
    return fail('port', `${host}:${port} cannot be taken: ${code}`, advice)
  } finally {
    server.close()
  }
}
