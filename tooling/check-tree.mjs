import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.mjs'

const rootEntries = new Set([
  '.ci',
  '.gitignore',
  '.npmrc',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'biome.json',
  'README.md',
  'THIRD-PARTY.md',
  'benchmarks',
  'deploy',
  'docs',
  'golden',
  'package-lock.json',
  'package.json',
  'packages',
  'tooling',
])
const forbiddenNames = /(^|\/|-)(utils?|helpers?|common|misc|shared|core|manager|service|handler|data|info)(-|\.|$)/
const linesMax = 450

/** Refuses stray files at the root, names that say nothing, and files too long to be one thing. */
export function checkTree() {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
  const faults = []
  for (const file of files) {
    const top = file.split('/')[0]
    if (!rootEntries.has(top)) faults.push(`${file}: the root holds only what tooling/check-tree.mjs lists`)
    if (!/^packages\/.*\.ts$/.test(file)) continue
    if (forbiddenNames.test(file.slice('packages/'.length))) faults.push(`${file}: name it for the one thing it holds`)
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length
    if (lines > linesMax) faults.push(`${file}: a file must have at most ${linesMax} lines, got ${lines}`)
  }
  if (faults.length > 0) {
    console.error(faults.join('\n'))
    process.exit(1)
  }
}
