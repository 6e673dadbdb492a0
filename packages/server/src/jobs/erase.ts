import type { JobTable, StateQueries } from '../state/index.ts'

/** Jobs that have ended and whose input, result or failure names one of these. @param names ids, addresses */
export async function jobsNaming(queries: StateQueries, names: readonly string[]): Promise<JobTable[]> {
  const rows = await queries.selectFrom('jobs').selectAll().where('finished_at', 'is not', null).execute()
  // As JSON writes them, quotes and all: the id 42 is not named by a count of 142.
  const quoted = names.map((name) => JSON.stringify(name).toLowerCase())
  return rows.filter(({ input, result, failure, progress }) => {
    const told = [input, result, failure, progress].join('\n').toLowerCase()
    return quoted.some((name) => told.includes(name)) || names.some((name) => name.includes('@') && told.includes(name))
  })
}

export async function eraseJobsNaming(
  queries: StateQueries,
  names: readonly string[],
): Promise<Record<string, number>> {
  const ids = (await jobsNaming(queries, names)).map(({ job_id }) => job_id)
  if (ids.length > 0) await queries.deleteFrom('jobs').where('job_id', 'in', ids).execute()
  return { jobs: ids.length }
}
