import type { Command } from './command.ts'
import { analyzeCommand } from './commands/analyze.ts'
import { audit } from './commands/audit.ts'
import { backup } from './commands/backup.ts'
import { config } from './commands/config.ts'
import { consent } from './commands/consent.ts'
import { customer } from './commands/customer.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { erase } from './commands/erase.ts'
import { exportCustomer } from './commands/export-customer.ts'
import { features } from './commands/features.ts'
import { identities } from './commands/identities.ts'
import { importCommand } from './commands/import.ts'
import { keys } from './commands/keys.ts'
import { open } from './commands/open.ts'
import { operators } from './commands/operators.ts'
import { plan } from './commands/plan.ts'
import { predictCommand } from './commands/predict.ts'
import { quality } from './commands/quality.ts'
import { quarantine } from './commands/quarantine.ts'
import { receivers } from './commands/receivers.ts'
import { recommendCommand } from './commands/recommend.ts'
import { report } from './commands/report.ts'
import { restore } from './commands/restore.ts'
import { retention } from './commands/retention.ts'
import { schemas } from './commands/schemas.ts'
import { segmentsCommand } from './commands/segments.ts'
import { sources } from './commands/sources.ts'
import { startCommand } from './commands/start.ts'
import { webhooks } from './commands/webhooks.ts'
import type { AnalyzeStore, MakeFamily, OpenPrivacy, PredictStore, Serve } from './serve.ts'

export type { Command } from './command.ts'
export { runCli } from './run-cli.ts'
export type { OpenPrivacy, Serve, ServeOptions, Serving } from './serve.ts'
export { endQuietlyWithReader } from './shut-pipe.ts'

/** Every command, in the order in which a person meets them. */
/** @param apart long work that leaves a server free to answer */
export function commandsWith(
  serve: Serve,
  openPrivacy: OpenPrivacy,
  apart: { readonly analyzeApart: AnalyzeStore; readonly makeFamilyApart: MakeFamily } & PredictStore,
): readonly Command[] {
  const commands: readonly Command[] = [
    startCommand(serve, apart.analyzeApart, () => commands),
    open,
    keys,
    operators,
    audit,
    identities,
    consent,
    webhooks,
    receivers,
    sources,
    demo,
    importCommand,
    schemas,
    quarantine,
    quality,
    analyzeCommand(apart.analyzeApart),
    features,
    segmentsCommand(apart.makeFamilyApart),
    predictCommand(apart),
    recommendCommand,
    plan,
    report,
    customer,
    exportCustomer(openPrivacy),
    erase(openPrivacy),
    retention(openPrivacy),
    config,
    doctor,
    backup,
    restore(openPrivacy),
  ]
  return commands
}
