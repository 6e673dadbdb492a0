import { readFileSync } from 'node:fs'
import { RapportError } from '../base/index.ts'

/**
 * The named queries of a room's `queries.sql`: blocks that begin with `-- name: some_query`, prose in comments below it.
 *
 * @param file the file's URL: `new URL('./queries.sql', import.meta.url)`
 * @returns a function from a name to its SQL
 * @throws RapportError `warehouse.query` when two queries have one name, or (when called) a name is not there
 */
export function readQueries(file: URL): (name: string) => string {
  const queries = new Map<string, string>()
  for (const block of readFileSync(file, 'utf8')
    .split(/^-- name: */m)
    .slice(1)) {
    const end = block.indexOf('\n')
    const name = block.slice(0, end).trim()
    if (queries.has(name))
      throw new RapportError('warehouse.query', `a query's name must be used once, got ${name} twice`)
    queries.set(name, block.slice(end + 1).trim())
  }
  return (name) => {
    const sql = queries.get(name)
    if (sql === undefined) throw new RapportError('warehouse.query', `${file.pathname} must hold a query named ${name}`)
    return sql
  }
}
