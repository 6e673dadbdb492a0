// `npm run proof`: builds, runs the claims of tooling/proof/, and writes what they measured to docs/proof.md.
// What follows `--` goes to Vitest: `npm run proof -- -t "cdnow-"` runs the rows of one part and keeps the others.
import { runOrExit } from './run-command.mjs'

runOrExit('build', 'node', ['tooling/build.mjs'])
runOrExit('proof', 'vitest', ['run', '--config', 'tooling/proof/vitest.config.ts', ...process.argv.slice(2)])
