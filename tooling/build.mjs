// Builds everything that `npm ci` must leave ready: the WebAssembly kernels, the packages, and the
// files beside the code that the compiler does not carry (queries and the worker's script).
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleBrowser } from './build-browser.mjs'
import { buildKernels } from './build-kernels.mjs'
import { bundleServer } from './build-server.mjs'
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
await bundleServer()

// The compiler gave this package its types only; a page wants one file.
const browser = join(root, 'packages', 'browser', 'dist')
const { script, module } = await bundleBrowser()
mkdirSync(browser, { recursive: true })
writeFileSync(join(browser, 'rapport.min.js'), script)
writeFileSync(join(browser, 'index.js'), module)
