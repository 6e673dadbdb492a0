import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'

/** The user's PostgreSQL; moments come back as numbers. @param url `postgres://user:password@host:port/database` */
export function postgresDialect(url: string): Dialect {
  const types = new pg.TypeOverrides()
  // Whole numbers in the state store are moments, positions and counts: all below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number)
  return new PostgresDialect({
    pool: new pg.Pool({
      connectionString: url,
      max: 8,
      types,
      application_name: 'rapport',
      connectionTimeoutMillis: 5000,
    }),
  })
}
