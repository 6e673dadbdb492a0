// Everything that can be said about the code without running it.

import { checkTree } from './check-tree.mjs'
import { checkGoldens } from './goldens.mjs'
import { runOrExit } from './run-command.mjs'

checkTree()
checkGoldens()
runOrExit('format and lint', 'biome', ['check', '--error-on-warnings', '.'])
runOrExit('types', 'tsc', ['-p', 'tooling/tsconfig.check.json'])
runOrExit('types of the browser', 'tsc', ['-p', 'tooling/tsconfig.check-browser.json'])
runOrExit('layers', 'depcruise', [
  '--config',
  'tooling/dependency-cruiser.cjs',
  'packages/numerics/src',
  'packages/learn/src',
  'packages/protocol/src',
  'packages/browser/src',
  'packages/server/src',
])
runOrExit('dead code', 'knip', ['--config', 'tooling/knip.json'])
