import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './run-command.mjs'

const folder = join(root, 'packages', 'browser')
const shape = { bundle: true, target: 'es2022', charset: 'utf8', logLevel: 'warning', write: false }

/** The SDK as a script for a page, and as a module for a bundler: the text of each. */
export async function bundleBrowser() {
  const [script, module] = await Promise.all([
    build({ ...shape, entryPoints: [join(folder, 'src/script.ts')], format: 'iife', minify: true }),
    build({ ...shape, entryPoints: [join(folder, 'src/index.ts')], format: 'esm' }),
  ])
  return { script: script.outputFiles[0].text, module: module.outputFiles[0].text }
}
