// Zendesk's documented examples, shortened. Source: developer.zendesk.com/api-reference/webhooks/event-types ("Ticket
// events", "User events", version 2022-11-06) and .../ticketing/tickets/tickets (ticket 35436).

const detail = {
  ...{ id: '35436', subject: 'Help, my printer is on fire!', description: 'The fire is very colorful.' },
  ...{ requester_id: '20978392', actor_id: '20978392', status: 'OPEN', priority: 'HIGH', type: 'INCIDENT' },
  ...{ created_at: '2009-07-20T22:55:29Z', updated_at: '2011-05-05T10:38:52Z', is_public: true },
  ...{ tags: ['enterprise', 'other_tag'], via: { channel: 'web' }, external_id: null },
}

const event = (type: string, inside: object, of: object = detail) => ({
  ...{ type: `zen:event-type:${type}`, account_id: 21825834, id: '01JQMQH83YNAKWSWJ8B1QH2NSC' },
  ...{ time: '2025-02-11T14:32:05.254571515Z', zendesk_event_version: '2022-11-06', subject: 'zen:ticket:35436' },
  ...{ detail: of, event: inside },
})

const comment = (author: object, body: string) => ({
  comment: { id: '5556667778889', body, is_public: true, author: { id: '20978392', name: 'Ann', ...author } },
})

const user = {
  ...{ id: '20978392', email: 'Ann@Shop.example', role: 'end-user', external_id: '', organization_id: '0' },
  ...{ created_at: '2009-07-04T05:27:58Z', updated_at: '2009-07-04T05:33:18Z' },
}

export const zendesk = {
  created: event('ticket.created', { meta: { sequence: { id: 'x', position: 1 } } }),
  replied: event('ticket.comment_added', comment({ is_staff: false }, 'It still burns.')),
  answered: event('ticket.comment_added', comment({ is_staff: true }, 'Have you tried water?')),
  first: event('ticket.comment_added', comment({ is_staff: false }, 'The fire is very colorful.')),
  user: event('user.created', {}, user),
  agent: event('user.created', {}, { ...user, role: 'agent' }),
  /** What docs/webhooks.md tells to write into a trigger. */
  trigger: {
    ticket: {
      ...{ id: '35436', subject: 'Help, my printer is on fire!', description: 'The fire is very colorful.' },
      ...{ created_at: '2009-07-20T22:55:29Z', requester: { id: '20978392', email: 'ann@shop.example', name: 'Ann' } },
    },
  },
}

// Source: developers.hubspot.com/docs/api/crm/contacts, "Retrieve contacts" (CRM v3), as connectors print it.
export const hubspot = {
  results: [
    {
      id: '65059681027',
      properties: {
        ...{
          createdate: '2024-01-10T08:30:15.234Z',
          email: 'john.doe@example.com',
          firstname: 'John',
          lastname: 'Doe',
        },
        ...{ lastmodifieddate: '2024-01-15T14:22:10.456Z', hs_object_id: '65059681027', phone: '5551234567' },
        ...{
          company: 'Acme Corporation',
          jobtitle: 'Sales Manager',
          lifecyclestage: 'customer',
          hs_email_optout: 'false',
        },
      },
      ...{ createdAt: '2024-01-10T08:30:15.234Z', updatedAt: '2024-01-15T14:22:10.456Z', archived: false },
    },
    {
      id: '65059681028',
      properties: { createdate: '2024-02-10T08:30:15.234Z', email: null, firstname: '', lastname: 'Roe' },
      ...{ createdAt: '2024-02-10T08:30:15.234Z', updatedAt: '2024-02-10T08:30:15.234Z', archived: false },
    },
  ],
  paging: { next: { after: '65059681028', link: '?after=65059681028' } },
}
