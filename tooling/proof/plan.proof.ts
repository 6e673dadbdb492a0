import { prove } from './record.ts'
import { runTests } from './run-tests.ts'

prove({
  name: 'plan-draft',
  claim:
    'schemas of the tracking plan judge as an independent implementation of JSON Schema 2020-12 does: 1,500 random schemas, 5 values each',
  measure: () => runTests('beside ajv', ['packages/server/src/ingestion/plan/json-schema/compile-schema.prop.test.ts']),
})

prove({
  name: 'plan-bound',
  claim:
    'schemas and patterns made to hang a checker (^(a+)+$, references that double forty times) end within 50 ms of processor time',
  measure: () =>
    runTests('wrong and costly schemas', ['packages/server/src/ingestion/plan/json-schema/compile-schema.test.ts']),
})

prove({
  name: 'plan-replay',
  claim:
    'calls in quarantine mended and replayed, kill -9 of the server in three replays, of which at least one is cut off: 20,000 of 20,000 events, each once, in the order in which they came',
  measure: () => runTests('beside a server and without it', ['packages/server/src/cli/commands/replay.slow.test.ts']),
})
