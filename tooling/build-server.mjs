import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { root } from './run-command.mjs'

const dist = join(root, 'packages', 'server', 'dist')
const bundled = join(dist, 'bundle')
const own = /[\\/]packages[\\/](server|learn|numerics|protocol)[\\/]dist[\\/].*\.js$/

/**
 * The program's own modules as one file: to look for, read and link 1,500 of them took a second of each command. What stands
 * beside a module, as queries and threads do, is still found there; libraries stay as they were installed.
 */
export async function bundleServer() {
  await build({
    ...{ entryPoints: [join(dist, 'main.js')], outdir: bundled, bundle: true, format: 'esm', platform: 'node' },
    ...{ target: 'node20', charset: 'utf8', logLevel: 'warning', plugins: [ownModules] },
  })
}

const ownModules = {
  name: 'own modules',
  setup(building) {
    building.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
      kind === 'entry-point' || /^@rapport\/(learn|numerics|protocol)/.test(path)
        ? undefined
        : { path, external: true },
    )
    building.onLoad({ filter: own }, async ({ path }) => {
      const place = JSON.stringify(relative(bundled, path).replaceAll('\\', '/'))
      const code = await readFile(path, 'utf8')
      return { contents: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`) }
    })
  },
}
