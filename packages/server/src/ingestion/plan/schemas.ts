import type { OnViolation, Planned, PlannedCall, SchemaDeclaration, SchemaVersion } from '@rapport/protocol'
import { recordAudit } from '../../access/index.ts'
import { isoOf, now, RapportError } from '../../base/index.ts'
import type { StateQueries, StateTables } from '../../state/index.ts'
import { canonical } from './json-schema/canonical.ts'
import { compileSchema } from './json-schema/compile-schema.ts'

const mostDeclared = 1000
const mostBytes = 65_536

/**
 * Declares what events of a name must be. A declaration that says something else than the one before is a new version;
 * what was found by the ones before stays theirs.
 *
 * @returns the version that holds now, and whether it is new
 * @throws RapportError `plan.schema` with a JSON pointer to what is wrong, `plan.full`
 */
export async function declareSchema(
  queries: StateQueries,
  planned: Planned,
  { schema, onViolation }: SchemaDeclaration,
): Promise<{ readonly declared: SchemaVersion; readonly isNew: boolean }> {
  const written = JSON.stringify(schema)
  if (Buffer.byteLength(written) > mostBytes) {
    throw new RapportError('plan.schema', `the schema must have at most ${mostBytes} bytes, got ${written.length}`)
  }
  compileSchema(schema)
  return addVersion(queries, planned, written, onViolation)
}

/**
 * From now on nothing is declared for events of this name; its versions and what they found stay.
 *
 * @throws RapportError `plan.undeclared`
 */
export async function retireSchema(queries: StateQueries, planned: Planned): Promise<SchemaVersion> {
  await schemaOf(queries, planned)
  return (await addVersion(queries, planned, null, 'mark')).declared
}

/** Enters into the audit log that somebody declared or retired this version; in the transaction that did. */
export const recordPlanChange = (
  queries: StateQueries,
  actor: string,
  action: 'plan.declare' | 'plan.retire',
  { call, name, version }: SchemaVersion,
): Promise<void> => recordAudit(queries, { actor, action, target: `${call} ${name}`, detail: { version } })

async function addVersion(
  queries: StateQueries,
  planned: Planned,
  schema: string | null,
  onViolation: OnViolation,
): Promise<{ readonly declared: SchemaVersion; readonly isNew: boolean }> {
  // Somebody else may declare the same version between the two queries; then theirs is the one before.
  for (;;) {
    const before = await latestRow(queries, planned)
    if (before && before.on_violation === onViolation && isSame(before.schema, schema)) {
      return { declared: versionOf(before), isNew: false }
    }
    if (!before) await expectRoom(queries)
    const row = {
      ...{ ...planned, version: (before?.version ?? 0) + 1, schema, on_violation: onViolation, declared_at: now() },
      ...{ checked: 0, violating: 0 },
    }
    const { numInsertedOrUpdatedRows } = await queries
      .insertInto('event_schemas')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 1n) return { declared: versionOf(row), isNew: true }
  }
}

const isSame = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : canonical(JSON.parse(one)) === canonical(JSON.parse(other))

async function expectRoom(queries: StateQueries): Promise<void> {
  const { n } = await queries
    .selectFrom('event_schemas')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('version', '=', 1)
    .executeTakeFirstOrThrow()
  if (Number(n) < mostDeclared) return
  throw new RapportError('plan.full', `a tracking plan must have at most ${mostDeclared} schemas, it has ${n}`)
}

const latestRow = (queries: StateQueries, { call, name }: Planned) =>
  queries
    .selectFrom('event_schemas')
    .selectAll()
    .where('call', '=', call)
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/**
 * The version of a schema that holds, or one of before.
 *
 * @throws RapportError `plan.undeclared` when there is none
 */
export async function schemaOf(queries: StateQueries, planned: Planned, version?: number): Promise<SchemaVersion> {
  const found =
    version === undefined
      ? await latestRow(queries, planned)
      : await queries
          .selectFrom('event_schemas')
          .selectAll()
          .where('call', '=', planned.call)
          .where('name', '=', planned.name)
          .where('version', '=', version)
          .executeTakeFirst()
  if (found && (version !== undefined || found.schema !== null)) return versionOf(found)
  const asked = version === undefined ? '' : ` of version ${version}`
  throw new RapportError(
    'plan.undeclared',
    `there must be a schema${asked} for ${planned.call} ${planned.name}, there is none`,
  )
}

/** Every version of a schema, the latest first. @throws RapportError `plan.undeclared` when there is none */
export async function schemaVersions(queries: StateQueries, planned: Planned): Promise<SchemaVersion[]> {
  const rows = await queries
    .selectFrom('event_schemas')
    .selectAll()
    .where('call', '=', planned.call)
    .where('name', '=', planned.name)
    .orderBy('version', 'desc')
    .execute()
  if (rows.length > 0) return rows.map(versionOf)
  throw new RapportError('plan.undeclared', `there must be a schema for ${planned.call} ${planned.name}, there is none`)
}

/** The schemas that hold, by call and name. */
export async function listSchemas(queries: StateQueries): Promise<SchemaVersion[]> {
  const rows = await queries
    .selectFrom('event_schemas as one')
    .selectAll()
    .where('schema', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('event_schemas as later')
            .select('later.version')
            .whereRef('later.call', '=', 'one.call')
            .whereRef('later.name', '=', 'one.name')
            .whereRef('later.version', '>', 'one.version'),
        ),
      ),
    )
    .orderBy('call')
    .orderBy('name')
    .execute()
  return rows.map(versionOf)
}

const versionOf = (row: StateTables['event_schemas']): SchemaVersion => ({
  ...{ call: row.call as PlannedCall, name: row.name, version: row.version },
  schema: row.schema === null ? null : (JSON.parse(row.schema) as Record<string, unknown>),
  onViolation: row.on_violation as OnViolation,
  ...{ declaredAt: isoOf(row.declared_at), checked: row.checked, violating: row.violating },
})
