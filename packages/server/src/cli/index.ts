import type { Command } from './command.ts'
import { analyzeCommand } from './commands/analyze.ts'
import { customer } from './commands/customer.ts'
import { demo } from './commands/demo.ts'
import { features } from './commands/features.ts'
import { importCommand } from './commands/import.ts'
import { plan } from './commands/plan.ts'
import { predictCommand } from './commands/predict.ts'
import { quality } from './commands/quality.ts'
import { quarantine } from './commands/quarantine.ts'
import { recommendCommand } from './commands/recommend.ts'
import { report } from './commands/report.ts'
import { segments } from './commands/segments.ts'
import { start } from './commands/start.ts'

export { runCli } from './run-cli.ts'

/** Every command, in the order in which a person meets them. */
export const commands: readonly Command[] = [
  start,
  demo,
  importCommand,
  quarantine,
  quality,
  analyzeCommand,
  features,
  segments,
  predictCommand,
  recommendCommand,
  plan,
  report,
  customer,
]
