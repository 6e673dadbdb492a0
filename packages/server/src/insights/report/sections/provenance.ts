import { isoOf } from '../../../base/index.ts'
import type { Analysis, StageTime } from '../../analysis.ts'
import type { Format } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { tableOf } from '../table.ts'

/** How the report was made, so that it can be made again. */
export function provenanceSection(analysis: Analysis, format: Format): Section {
  const { timings } = analysis
  const facts = [
    ['As of', isoOf(analysis.asOf)],
    ['Made at', isoOf(analysis.createdAt)],
    ['Seed', String(analysis.seed)],
    ['Rapport', analysis.version],
    ['Data', analysis.simulated === null ? 'imported' : `simulated, scenario ${analysis.simulated}`],
  ] as const
  const seconds = analysis.elapsedSeconds ?? timings.reduce((sum, timing) => sum + timing.seconds, 0)
  const table = tableOf(
    'Time taken by each stage',
    [
      { head: 'Stage', cell: stageName },
      { head: 'Seconds', numeric: true, cell: (timing) => format.decimal(timing.seconds, 1) },
    ],
    [...timings, { stage: 'all, as the clock has it', seconds }],
  )
  return {
    id: 'provenance',
    title: 'How this was made',
    charts: [],
    html: html`<p class="lead">Only what was known at that moment was used. The same version, data and seed give the same numbers.</p>
<div class="card"><dl>${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl></div>
${table.markup}`,
  }
}

const stageName = ({ stage, beside }: StageTime): string =>
  beside ? `${stage} (beside ${beside.join(' and ')})` : stage
