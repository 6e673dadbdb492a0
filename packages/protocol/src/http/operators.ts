import { z } from 'zod'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })

export const role = z
  .enum(['viewer', 'marketer', 'engineer', 'owner'])
  .meta({ id: 'Role', description: 'viewer looks; marketer decides; engineer connects and runs; owner says who may' })

export const operatorDocument = z
  .object({
    operatorId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
    hasPassword: z.boolean().meta({ description: 'whether they can log in; without, they come by a link' }),
    createdAt: milliseconds,
  })
  .meta({ id: 'Operator' })

export const operatorList = z.object({ operators: z.array(operatorDocument) }).meta({ id: 'OperatorList' })

export const operatorInvite = z
  .strictObject({ email: z.string().max(254), role })
  .meta({ id: 'OperatorInvite', description: 'whom to let in; again, for one who forgot the password' })

export const operatorInvited = z
  .object({ operator: operatorDocument, link: z.string().meta({ description: 'works once, within three days' }) })
  .meta({ id: 'OperatorInvited' })

export const operatorChange = z.strictObject({ role }).meta({ id: 'OperatorChange' })
