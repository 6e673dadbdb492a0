import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { isSkipped } from './test-data.ts'

/** As in ensure-chromium.mjs, which installs it where it may. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executable = process.env['RAPPORT_CHROMIUM'] ?? places.find((path) => existsSync(path))

/** True when no Chromium is on this machine and the run does not require one. */
export const withoutChromium = isSkipped('chromium', executable !== undefined)

/** A real browser without a window; the caller closes it. */
export function openChromium(): Promise<Browser> {
  if (executable === undefined) throw new Error(`Chromium must be at one of ${places.join(', ')}, or RAPPORT_CHROMIUM`)
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}
