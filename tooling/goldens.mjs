import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.mjs'

/** Every golden file with its head, in the order of their paths. */
export function readGoldenHeads() {
  return trackedFiles('packages/*/golden/*.json').map((file) => {
    const { program, versions, made_by: madeBy, methods } = JSON.parse(readFileSync(join(root, file), 'utf8'))
    return { file, program, versions, madeBy, methods }
  })
}

/** What golden files must hold for others to see what they are worth; see CONTRIBUTING.md, Adding a golden value. */
export function goldenFaults(heads) {
  return heads.flatMap(({ file, program, versions, madeBy, methods }) => {
    const faults = []
    if (typeof program !== 'string') faults.push('"program" must say what made the values')
    if (Object.keys(versions ?? {}).length === 0) faults.push('"versions" must name each program with its version')
    if (typeof madeBy !== 'string' || !existsSync(join(root, madeBy))) {
      faults.push(`"made_by" must be the script that made it, got ${madeBy}`)
    }
    const pages = Object.entries(methods ?? {})
    if (pages.length === 0) faults.push('"methods" must map the name of each method to its page in docs/methods')
    for (const [method, page] of pages) {
      if (!existsSync(join(root, pageFile(page)))) faults.push(`"methods": ${method} has no page ${pageFile(page)}`)
    }
    return faults.map((fault) => `${file}: ${fault}`)
  })
}

/** Refuses golden files that do not say what they are. */
export function checkGoldens() {
  const faults = goldenFaults(readGoldenHeads())
  if (faults.length === 0) return
  console.error(faults.join('\n'))
  process.exit(1)
}

export const pageFile = (page) => `docs/methods/${page}.md`

/** Files that git tracks or would track. */
export function trackedFiles(pattern) {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', pattern], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .sort()
}
