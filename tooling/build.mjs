// Builds everything that `npm ci` must leave ready: the WebAssembly kernels, the four packages, and the
// files beside the code that the compiler does not carry (queries and the worker's script).
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildKernels } from './build-kernels.mjs'
import { root, runOrExit } from './run-command.mjs'

await buildKernels()

const carried = /\.(sql|css|client\.js)$/
for (const name of readdirSync(join(root, 'packages'))) {
  const source = join(root, 'packages', name, 'src')
  if (!existsSync(source)) continue
  for (const file of readdirSync(source, { recursive: true })) {
    const path = String(file)
    if (carried.test(path)) cpSync(join(source, path), join(root, 'packages', name, 'dist', path))
  }
}

runOrExit('compile', 'tsc', ['-b', 'tooling/tsconfig.build.json'])
