import { type Content, html, name } from '../../insights/index.ts'
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
    ? nothing(
        'Nothing waits or runs.',
        html`<p>The analysis runs here every day, and whenever somebody asks for it. The one that <code>rapport start</code> or <code>rapport analyze</code> ran by itself is not listed.</p>`,
      )
    : cardTable<Job>(
        'Jobs, the newest first',
        [
          {
            head: 'Job',
            cell: ({ kind, jobId }) =>
              html`<b>${name(words[kind] ?? kind)}</b><span class="beside">${name(jobId)}</span>`,
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
            cell: (job) => standing(job, moments),
          },
        ],
        jobs,
      )
}</section>`,
})

/** What each kind of job does. */
const words: Readonly<Record<string, string>> = {
  analyze: 'Analysis',
  backup: 'Backup',
  erase: 'Erasure of customers from the files',
  retention: 'Deletion of what was kept long enough',
  source: 'Import from a source',
}

/** Why it failed, when it is due or how far it is. */
function standing({ status, runAt, progress, failure }: Job, moments: Moments): Content {
  const due = status === 'queued' && html`due ${moments.moment(new Date(runAt).toISOString())}`
  if (failure !== null) return html`${failure}${due && html`; again ${due}`}`
  if (due) return due
  return progress === null ? '' : `${progress.stage} (${progress.done} of ${progress.total ?? '?'})`
}

const badStatus = ({ status }: Job): string => (status === 'dead' ? ' serious' : '')
