import { randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { RapportError } from '../../base/index.ts'
import type { Analysis } from '../analysis.ts'
import { formatFor } from './format.ts'
import { pageOf } from './page.ts'
import type { SectionOf } from './section.ts'
import { breakdownsSection } from './sections/breakdowns.ts'
import { cohortsSection } from './sections/cohorts.ts'
import { discoveredSection } from './sections/discovered.ts'
import { familiesSection } from './sections/families.ts'
import { firstLookSection } from './sections/first-look.ts'
import { hoursSection } from './sections/hours.ts'
import { lapseSection } from './sections/lapse.ts'
import { lifetimeSection } from './sections/lifetime.ts'
import { planSection } from './sections/plan.ts'
import { provenanceSection } from './sections/provenance.ts'
import { qualitySection } from './sections/quality.ts'
import { recommendationsSection } from './sections/recommendations.ts'
import { revenueSection } from './sections/revenue.ts'
import { rfmSection } from './sections/rfm.ts'
import { rulesSection } from './sections/rules.ts'
import { summarySection } from './sections/summary.ts'

/** In reading order: what was found and what to do, then the numbers behind it. */
const sections: readonly SectionOf[] = [
  summarySection,
  planSection,
  firstLookSection,
  revenueSection,
  breakdownsSection,
  cohortsSection,
  hoursSection,
  rfmSection,
  discoveredSection,
  familiesSection,
  rulesSection,
  lapseSection,
  lifetimeSection,
  recommendationsSection,
  qualitySection,
  provenanceSection,
]

/** The analysis as one HTML file that needs no network: charts, tables and words, readable on a phone and by keyboard. */
export function renderReport(analysis: Analysis): string {
  const format = formatFor(analysis.firstLook.currency, analysis.firstLook.timezone)
  return pageOf(
    analysis,
    sections.map((section) => section(analysis, format)).filter((section) => section !== null),
    format,
  )
}

/**
 * Writes the report beside its place and renames it there, so that a reader never sees half of one.
 *
 * @throws RapportError `insights.report` when the file cannot be written
 */
export async function writeReport(analysis: Analysis, file: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeFile(draft, renderReport(analysis))
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new RapportError('insights.report', `the report must be writable at ${file}, got: ${reason}`, {
      cause: error,
    })
  }
}
