import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.mjs'

const folder = join(root, 'packages', 'numerics')
const target = join(folder, 'src', 'wasm', 'binaries.ts')
const flags = [
  '-O3',
  '--converge',
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--importMemory',
  '--noAssert',
  '--uncheckedBehavior',
  'always',
]
const shared = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536']

/** Compiles `assembly/index.ts` twice, for shared and for private memory, into one TypeScript file of base64. */
export async function buildKernels() {
  const { default: asc } = await import('assemblyscript/asc')
  const compile = async (extra) => {
    const files = new Map()
    const { error, stderr } = await asc.main(
      [join('assembly', 'index.ts'), '--outFile', 'kernels.wasm', '--baseDir', folder, ...flags, ...extra],
      { writeFile: (name, contents) => files.set(name, contents) },
    )
    if (error) throw new Error(`kernels do not compile: ${error.message}\n${stderr.toString()}`)
    return Buffer.from(files.get('kernels.wasm')).toString('base64')
  }
  const text = `// Made by tooling/build-kernels.mjs from assembly/; not kept in git.
export const sharedMemoryKernels =
  '${await compile(shared)}'
export const privateMemoryKernels =
  '${await compile([])}'
`
  mkdirSync(join(folder, 'src', 'wasm'), { recursive: true })
  // Written only when it changed, so that the incremental compiler has nothing to do after a rebuild.
  if (readIfThere(target) !== text) writeFileSync(target, text)
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
