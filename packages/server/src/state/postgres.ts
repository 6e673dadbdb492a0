import { CompiledQuery, type Dialect, PostgresDialect, type PostgresDialectConfig, type PostgresPool } from 'kysely'

/**
 * The user's PostgreSQL; moments come back as numbers.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param schema where its tables are. Default: where the user's connections look first
 */
export function postgresDialect(url: string, schema?: string): Dialect {
  return new PostgresDialect({
    ...(schema === undefined ? {} : { onCreateConnection: lookOnlyIn(schema) }),
    pool: () => openPool(url),
  })
}

/** The library is loaded only by those who have PostgreSQL: it is a part of what every command would wait for. */
async function openPool(url: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg')
  const types = new pg.TypeOverrides()
  // Whole numbers in the state store are moments, positions and counts: all below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number)
  return new pg.Pool({
    connectionString: url,
    max: 8,
    types,
    application_name: 'rapport',
    connectionTimeoutMillis: 5000,
  })
}

const lookOnlyIn =
  (schema: string): NonNullable<PostgresDialectConfig['onCreateConnection']> =>
  async (connection) => {
    await connection.executeQuery(CompiledQuery.raw(`set search_path to "${schema}"`))
  }
