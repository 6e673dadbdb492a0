import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Measured } from './record.ts'
import { root } from './rows-file.ts'

/** Runs test files; met when every test of them passed and none was skipped. @param what they are, for the figure */
export function runTests(what: string, files: readonly string[]): Measured & { readonly output: string } {
  const started = performance.now()
  const {
    status,
    stdout: coloured,
    stderr,
  } = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', '--config', 'tooling/vitest.config.ts', ...files],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  const stdout = stripVTControlCharacters(coloured)
  const counted = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(stdout)
  const words = counted?.[0] ?? stderr.trim().split('\n').at(-1) ?? ''
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  return {
    figure: `${what}: ${words}, ${seconds} s`,
    isMet: status === 0 && Number(counted?.[1]) > 0 && counted?.[3] === '0',
    output: stdout,
  }
}
