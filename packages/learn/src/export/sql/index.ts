export { type SqlModel, type SqlOptions, toSql } from './to-sql.ts'
