export { RapportError, version } from './base/index.ts'

import { analyzeApart } from './analyze-apart.ts'
import { type Command, commandsWith } from './cli/index.ts'
import { makeFamilyApart } from './make-family-apart.ts'
import { answerApart, fitApart, trainApart } from './predict-apart.ts'
import { openPrivacy } from './privacy.ts'
import { serveStore } from './serve-store.ts'

/** Every command of the command line. */
export const commands: readonly Command[] = commandsWith(serveStore, openPrivacy, {
  ...{ analyzeApart, makeFamilyApart, trainApart, fitApart, answerApart },
})

export { endQuietlyWithReader, runCli } from './cli/index.ts'
export { type DemoOptions, type DemoSummary, makeDemo } from './demo/index.ts'
export { computeFeatures, readFeatures } from './features/index.ts'
export { importFiles } from './ingestion/index.ts'
export { type Analysis, analyze, readAnalysis, renderReport, writeReport } from './insights/index.ts'
export { openWarehouse, type Warehouse } from './warehouse/index.ts'
