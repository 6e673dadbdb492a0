import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { build } from 'esbuild'
import { root } from './run-command.mjs'

const dist = join(root, 'packages', 'server', 'dist')
const bundled = join(dist, 'bundle')
const own = /[\\/]packages[\\/](server|learn|numerics|protocol)[\\/]dist[\\/].*\.js$/

/** The program, and the threads that it starts. */
const entries = ['main.js', 'apart-thread.js', 'features/live/history/history-thread.js']

/** Of hundreds of small modules, without native parts and without what they would look for beside themselves. */
const bundledLibraries = ['@duckdb/node-api', 'kysely', 'zod']

/**
 * The program's own modules, and libraries of many small ones, as a few files: to look for, read and link 2,000 took longer
 * than anything else that a short command does. What stands beside a module, as queries do, is still found there; all other
 * libraries stay as they were installed.
 */
export async function bundleServer() {
  await rm(bundled, { recursive: true, force: true })
  await build({
    entryPoints: Object.fromEntries(entries.map((entry) => [basename(entry, '.js'), join(dist, entry)])),
    ...{ outdir: bundled, bundle: true, splitting: true, chunkNames: 'part-[hash]', format: 'esm', platform: 'node' },
    ...{ target: 'node20', charset: 'utf8', logLevel: 'warning', plugins: [ownModules, libraries] },
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  })
  await writeFile(join(bundled, 'licenses.txt'), await licenses())
}

const ownModules = {
  name: 'own modules',
  setup(building) {
    building.onLoad({ filter: own }, async ({ path }) => {
      const place = JSON.stringify(relative(bundled, path).replaceAll('\\', '/'))
      const code = await readFile(path, 'utf8')
      return { contents: code.replaceAll(places, placedAt(`new URL(${place}, import.meta.url).href`)) }
    })
  },
}

const places = /(?:new Worker\(new URL\('\.\/([^']+)', )?import\.meta\.url/g

/** Modules are found beside where they were, but for threads: these are bundled too, side by side with the program. */
const placedAt = (place) => (found, thread) => {
  if (thread === undefined) return place
  if (!entries.some((entry) => basename(entry) === thread)) throw new Error(`${thread} must be an entry of the bundle`)
  return found
}

const isBundled = (path) => /^@rapport\/(learn|numerics|protocol)/.test(path) || bundledLibraries.includes(path)

/** No ES modules: to import one, all its files are looked through for names before it is loaded. */
const requiredLibraries = ['fastify', 'libsql', 'prom-client']

const libraries = {
  name: 'libraries',
  setup(building) {
    building.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || isBundled(path)) return undefined
      const isRequired = kind === 'import-statement' && requiredLibraries.includes(path)
      return isRequired ? { path, namespace: 'required' } : { path, external: true }
    })
    building.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}

/** What their authors ask whoever passes their code on to pass on with it. */
async function licenses() {
  const texts = bundledLibraries.map(async (name) => {
    const folder = folderOf(name)
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${(await readFile(join(folder, 'LICENSE'), 'utf8')).trim()}\n`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`)
}

function folderOf(name) {
  const path = createRequire(join(dist, 'main.js')).resolve(name)
  const end = join('node_modules', ...name.split('/'))
  return path.slice(0, path.lastIndexOf(end) + end.length)
}
