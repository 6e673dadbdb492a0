import { asObject, asText, cut, type Fields, objectIn, textIn, withoutEmpty } from './fields.ts'
import { longestText } from './longest-text.ts'
import { badPayload, type Mapped, momentIn, type PayloadContext, somebody, type WireCall } from './wire-call.ts'

type CallsOf = (payload: Fields, account: string, context: PayloadContext) => Mapped

/** By type of event. Source: developer.zendesk.com/api-reference/webhooks/event-types, 2025. */
const types: Readonly<Record<string, CallsOf>> = {
  'zen:event-type:ticket.created': (payload, account, context) =>
    ticket(objectIn(payload, 'detail'), account, textIn(payload, 'time'), context),
  'zen:event-type:ticket.comment_added': comment,
  'zen:event-type:user.created': user,
}

/**
 * Webhooks of Zendesk: of events (tickets, their comments, users), and of triggers, whose body the shop writes itself:
 * `{"ticket": {"id", "subject", "description", "created_at", "requester": {"id", "email", "name"}}}`.
 */
export function mapZendesk(payload: unknown, context: PayloadContext): Mapped {
  const fields = asObject(payload)
  if (!fields) throw badPayload('', 'be a JSON object')
  const account = textIn(fields, 'account_id') ?? context.scope
  const type = textIn(fields, 'type')
  const inTrigger = asObject(fields['ticket'])
  if (inTrigger) return ticket(inTrigger, account, undefined, context)
  if (type === undefined) throw badPayload('/type', 'be the type of an event, or /ticket a ticket')
  const map = Object.hasOwn(types, type) ? types[type]! : undefined
  return map ? map(fields, account, context) : { ignored: `of the type ${cut(type, 64)} nothing is taken` }
}

const userKey = (account: string, id: string): string => `zendesk:${account}:user:${id}`

function ticket(fields: Fields, account: string, time: string | undefined, { who }: PayloadContext): Mapped {
  const id = textIn(fields, 'id')
  if (id === undefined) throw badPayload('/ticket/id', 'be the id of the ticket')
  const requester = objectIn(fields, 'requester')
  const requesterId = textIn(fields, 'requester_id') ?? textIn(requester, 'id')
  const email = textIn(requester, 'email')
  const anonymousId = requesterId === undefined ? `zendesk:${account}:ticket:${id}` : userKey(account, requesterId)
  const person = { ...somebody(who, { id: textIn(requester, 'external_id'), email }, anonymousId), anonymousId }
  const when = time === undefined ? momentIn(fields, 'created_at') : { timestamp: time }
  const tags = Array.isArray(fields['tags']) ? fields['tags'].map(asText).filter((tag) => tag !== undefined) : []
  const created: WireCall = {
    ...{
      type: 'track',
      event: 'Ticket Created',
      messageId: `zendesk:${account}:ticket:${id}:created`,
      ...person,
      ...when,
    },
    properties: withoutEmpty({
      ...{ ticket_id: id, subject: cut(textIn(fields, 'subject'), 500) },
      body: cut(textIn(fields, 'description'), longestText) ?? textIn(fields, 'subject'),
      ...{ status: textIn(fields, 'status'), priority: textIn(fields, 'priority'), tags: tags.slice(0, 50) },
      channel: textIn(objectIn(fields, 'via'), 'channel'),
    }),
  }
  const traits = withoutEmpty({ email, name: textIn(requester, 'name') })
  const identify: WireCall = { type: 'identify', messageId: `${anonymousId}:of:${id}`, ...person, ...when, traits }
  return { calls: Object.keys(traits).length === 0 ? [created] : [identify, created] }
}

/** What the customer wrote later; what the staff wrote is no text of a customer. */
function comment(payload: Fields, account: string): Mapped {
  const [detail, written] = [objectIn(payload, 'detail'), objectIn(objectIn(payload, 'event'), 'comment')]
  const [ticketId, id, body] = [textIn(detail, 'id'), textIn(written, 'id'), textIn(written, 'body')]
  if (ticketId === undefined) throw badPayload('/detail/id', 'be the id of the ticket')
  if (id === undefined) throw badPayload('/event/comment/id', 'be the id of the comment')
  const author = objectIn(written, 'author')
  if (author['is_staff'] === true) return { ignored: 'the staff wrote it' }
  if (body === undefined) return { ignored: 'it has no text' }
  if (body === textIn(detail, 'description')) return { ignored: 'it is the text that the ticket was opened with' }
  const authorId = textIn(author, 'id') ?? textIn(detail, 'requester_id')
  const anonymousId = authorId === undefined ? `zendesk:${account}:ticket:${ticketId}` : userKey(account, authorId)
  return {
    calls: [
      {
        ...{ type: 'track', event: 'Ticket Replied', anonymousId, ...momentIn(payload, 'time') },
        messageId: `zendesk:${account}:comment:${id}`,
        properties: { ticket_id: ticketId, body: cut(body, longestText) },
      },
    ],
  }
}

/** An end user by their address, so that tickets, which name a number only, find their customer. */
function user(payload: Fields, account: string, { who }: PayloadContext): Mapped {
  const detail = objectIn(payload, 'detail')
  const id = textIn(detail, 'id')
  if (id === undefined) throw badPayload('/detail/id', 'be the id of the user')
  if (detail['role'] !== undefined && detail['role'] !== 'end-user') return { ignored: 'it is one of the staff' }
  const [email, anonymousId] = [textIn(detail, 'email'), userKey(account, id)]
  const person = { ...somebody(who, { id: textIn(detail, 'external_id'), email }, anonymousId), anonymousId }
  const traits = withoutEmpty({ email, name: textIn(detail, 'name'), createdAt: textIn(detail, 'created_at') })
  return {
    calls: [{ type: 'identify', messageId: `${anonymousId}:created`, ...person, ...momentIn(payload, 'time'), traits }],
  }
}
