import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Installs Debian's Chromium where this process may: as root on a machine with apt. Elsewhere it says so,
 * and the tests that need a browser count as skipped (or fail, when RAPPORT_REQUIRE names chromium).
 */
export function ensureChromium() {
  if (process.env.RAPPORT_CHROMIUM || places.some((path) => existsSync(path))) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error('chromium is not installed and cannot be installed here: browser tests will be skipped')
    return
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
    if (status !== 0) {
      console.error(`apt-get ${args[0]} ended with ${status}: browser tests will be skipped`)
      return
    }
  }
}
