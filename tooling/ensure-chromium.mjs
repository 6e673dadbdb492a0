import { existsSync } from 'node:fs'
import { installDebian } from './install-debian.mjs'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Installs Debian's Chromium where there is none and this process may. */
export function ensureChromium() {
  if (process.env.RAPPORT_CHROMIUM || places.some((path) => existsSync(path))) return
  installDebian('chromium', ['chromium', 'fonts-dejavu-core'])
}
