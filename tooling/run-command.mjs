import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout, whatever folder the command was started in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs one of the pinned tools and stops the whole script with its status when it fails. */
export function runOrExit(label, command, args, options = {}) {
  const started = Date.now()
  const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    ...options,
    env: { ...process.env, PATH: path, ...options.env },
  })
  if (result.error) throw result.error
  if (result.status !== 0) {
    console.error(`${label} failed: ${command} ${args.join(' ')}`)
    process.exit(result.status ?? 1)
  }
  console.error(`${label}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
