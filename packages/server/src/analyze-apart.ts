import type { Work } from './base/index.ts'
import { type Analysis, type AnalyzeOptions, analyze, writeLastReport } from './insights/index.ts'
import { canRunApart, runApart } from './run-apart.ts'
import type { Warehouse } from './warehouse/index.ts'

/**
 * Runs the whole analysis and writes its report, apart from this thread.
 *
 * @param report the report's path
 */
export async function analyzeApart(
  warehouse: Warehouse,
  options: AnalyzeOptions,
  report: string,
  work: Work = {},
): Promise<Analysis> {
  if (canRunApart) return (await runApart(warehouse, { kind: 'analyze', options, report }, work)) as Analysis
  const analysis = await analyze(warehouse, options, work)
  await writeLastReport(warehouse, report)
  return analysis
}
