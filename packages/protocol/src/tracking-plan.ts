import { z } from 'zod'

/** The calls whose content can be declared: the properties of what happened, the traits of who it is about. */
export const plannedCall = z.enum(['track', 'page', 'screen', 'identify', 'group'])
export type PlannedCall = z.infer<typeof plannedCall>

/** The name under which every event of a call is meant that has no schema of its own. */
export const everyName = '*'

/** What happens to an event that breaks its schema: it is kept and marked, or kept out until it is mended. */
export const onViolation = z.enum(['mark', 'quarantine'])
export type OnViolation = z.infer<typeof onViolation>

/** Which events a schema is about. */
export const planned = z.strictObject({
  call: plannedCall,
  name: z
    .string()
    .trim()
    .min(1)
    .max(512)
    .meta({ description: `name of the event or page; ${everyName} for every other` }),
})
export type Planned = z.infer<typeof planned>

/** A schema as it is declared. */
export const schemaDeclaration = z
  .strictObject({
    schema: z.record(z.string(), z.unknown()).meta({
      description:
        'JSON Schema (draft 2020-12) of the properties of a track, page or screen call, or of the traits of an identify or group call',
    }),
    onViolation: onViolation.default('mark'),
  })
  .meta({ id: 'SchemaDeclaration' })
export type SchemaDeclaration = z.infer<typeof schemaDeclaration>

const count = z.number().int().nonnegative()
const moment = z.iso.datetime()

/** One version of a schema; a retired one has no schema and declares nothing any more. */
export const schemaVersion = z
  .strictObject({
    ...planned.shape,
    version: z.number().int().min(1),
    schema: z.record(z.string(), z.unknown()).nullable(),
    onViolation,
    declaredAt: moment,
    checked: count.meta({ description: 'events in the log that were checked against this version' }),
    violating: count.meta({ description: 'how many of them break it' }),
  })
  .meta({ id: 'SchemaVersion' })
export type SchemaVersion = z.infer<typeof schemaVersion>

export const schemaList = z.object({ schemas: z.array(schemaVersion) }).meta({ id: 'SchemaList' })
export const versionList = z.object({ versions: z.array(schemaVersion) }).meta({ id: 'SchemaVersionList' })

/** A rule of a schema version that events break, and how many. */
export const brokenRule = z
  .strictObject({
    ...planned.shape,
    version: z.number().int().min(1),
    rule: z.string().meta({ description: 'JSON pointer into the schema' }),
    must: z.string().meta({ description: 'what must hold' }),
    events: count,
    firstAt: moment,
    lastAt: moment,
  })
  .meta({ id: 'BrokenRule' })
export type BrokenRule = z.infer<typeof brokenRule>

/** An event that breaks a schema version: its latest ones are kept one by one. */
export const markedViolation = z
  .strictObject({
    ...planned.shape,
    version: z.number().int().min(1),
    position: count.meta({ description: 'of the event in the log' }),
    pointer: z.string().meta({ description: 'JSON pointer into the call' }),
    rule: z.string().meta({ description: 'JSON pointer into the schema' }),
    must: z.string(),
    receivedAt: moment,
  })
  .meta({ id: 'MarkedViolation' })
export type MarkedViolation = z.infer<typeof markedViolation>

/** Events of the wire that no schema declares. */
export const undeclaredEvents = z
  .strictObject({ call: z.string(), name: z.string(), events: count, firstAt: moment, lastAt: moment })
  .meta({ id: 'UndeclaredEvents' })
export type UndeclaredEvents = z.infer<typeof undeclaredEvents>

export const undeclaredList = z.object({ events: z.array(undeclaredEvents) }).meta({ id: 'UndeclaredList' })

export const violationPage = z
  .object({
    rules: z.array(brokenRule),
    violations: z.array(markedViolation),
    next: count.nullable().meta({ description: 'the position to go on before; null at the end' }),
  })
  .meta({ id: 'ViolationPage' })
