// `npm test`: set up, build, check, run every test. Each part stops the run when it fails.
import { ensureChromium } from './ensure-chromium.mjs'
import { ensurePostgres } from './ensure-postgres.mjs'
import { runOrExit } from './run-command.mjs'

ensureChromium()
ensurePostgres()
runOrExit('build', 'node', ['tooling/build.mjs'])
runOrExit('check', 'node', ['tooling/check.mjs'])
runOrExit('tests', 'vitest', ['run', '--config', 'tooling/vitest.config.ts'])
