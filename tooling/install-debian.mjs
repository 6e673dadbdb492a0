import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Installs Debian's packages where this process may: as root on a machine with apt. Elsewhere it says so, and the tests
 * that need them count as skipped (or fail, when RAPPORT_REQUIRE names them).
 *
 * @param {string} name as RAPPORT_REQUIRE calls it
 * @param {readonly string[]} packages
 */
export function installDebian(name, packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`${name} is not installed and cannot be installed here: its tests will be skipped`)
    return
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
    if (status !== 0) {
      console.error(`apt-get ${args[0]} ended with ${status}: tests of ${name} will be skipped`)
      return
    }
  }
}
