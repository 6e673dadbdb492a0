import { html, name } from '../../insights/index.ts'
import type { Job } from '../../jobs/index.ts'
import { nothing, type Page } from './layout.ts'
import type { Moments } from './moments.ts'
import { cardTable } from './paged-table.ts'

/** Long work: what runs, what waits, what came of the rest. */
export const jobsPage = (jobs: readonly Job[], mayRun: boolean, moments: Moments): Page => ({
  title: 'Jobs',
  place: 'jobs',
  lead: 'Long work: the analysis, and what else takes its time',
  main: html`<section aria-label="Jobs">${
    mayRun &&
    html`<div class="actions"><form method="post" action="/jobs/analyses"><button type="submit">Analyse now</button></form></div>`
  }
${
  jobs.length === 0
    ? nothing('No job was asked for yet.', html`<p>The analysis runs every day, and whenever somebody asks for it.</p>`)
    : cardTable<Job>(
        'Jobs, the newest first',
        [
          {
            head: 'Job',
            cell: ({ kind, jobId }) => html`<b>${name(kind)}</b><span class="beside">${name(jobId)}</span>`,
          },
          { head: 'Status', cell: (job) => html`<span class="severity${badStatus(job)}">${job.status}</span>` },
          { head: 'Asked for', cell: ({ createdAt }) => moments.moment(new Date(createdAt).toISOString()) },
          {
            head: 'Ended',
            cell: ({ finishedAt }) =>
              finishedAt === null
                ? html`<span class="unknown">not yet</span>`
                : moments.moment(new Date(finishedAt).toISOString()),
          },
          {
            head: 'How it stands',
            cell: ({ progress, failure }) =>
              failure ?? (progress === null ? '' : `${progress.stage} (${progress.done} of ${progress.total ?? '?'})`),
          },
        ],
        jobs,
      )
}</section>`,
})

const badStatus = ({ status }: Job): string => (status === 'dead' ? ' serious' : '')
