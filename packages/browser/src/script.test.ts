import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundleBrowser } from '../../../tooling/build-browser.mjs'
import { version } from './version.ts'

test('the script is at most 8 kB gzipped', async () => {
  const { script, module } = await bundleBrowser()
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(8000)
  expect(module).not.toMatch(/\bimport\b.*from/)
  expect(module).toContain('export {')
})

test('nothing is depended on at run time, and the version is that of the package', () => {
  const { dependencies, version: packaged } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  expect(dependencies).toBeUndefined()
  expect(version).toBe(packaged)
})
