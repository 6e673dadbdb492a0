import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './rows-file.ts'

// Benchmarks run both sides in turn; RAPPORT_PEER_PYTHON names a Python with benchmarks/requirements.txt,
// RAPPORT_PEER_RUNS how many runs the medians are taken of (default 3).

const python = process.env['RAPPORT_PEER_PYTHON']

/** Why nothing can be compared with Python here; undefined where it can. */
export const withoutPeer = !python
  ? 'RAPPORT_PEER_PYTHON names no Python with benchmarks/requirements.txt installed'
  : existsSync(python)
    ? undefined
    : `RAPPORT_PEER_PYTHON must name a program, got ${python}`

/** What a benchmark prints that runs beside Python. @param file in `benchmarks/` */
export function besidePeer(file: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'benchmarks', file), python!, '--runs', process.env['RAPPORT_PEER_RUNS'] ?? '3', ...words],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  if (status !== 0) throw new Error(`benchmarks/${file} ended with ${status}: ${stderr.slice(-400)}`)
  return stdout
}
