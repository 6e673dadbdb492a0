import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { trackedFiles } from './goldens.mjs'
import { root, runOrExit } from './run-command.mjs'

/** Runs every test file that reads golden values, and gives what each method was measured at. */
export function measureDifferences() {
  const report = join(root, 'test-output', `differences-${process.pid}.jsonl`)
  mkdirSync(join(root, 'test-output'), { recursive: true })
  rmSync(report, { force: true })
  const files = trackedFiles('packages/*.test.ts').filter((file) =>
    readFileSync(join(root, file), 'utf8').includes('readGolden'),
  )
  runOrExit('golden tests', 'vitest', ['run', '--config', 'tooling/vitest.config.ts', ...files], {
    env: { RAPPORT_DIFFERENCES: report },
  })
  const differences = readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  rmSync(report)
  return joined(differences)
}

/** One row a file and method, where several test files compare with the same. */
function joined(differences) {
  const rows = new Map()
  for (const one of differences) {
    const key = `${one.file} ${one.method}`
    const before = rows.get(key)
    rows.set(key, {
      ...one,
      difference: Math.max(one.difference, before?.difference ?? 0),
      compared: one.compared + (before?.compared ?? 0),
    })
  }
  return [...rows.values()]
}
