import type { PayloadMapping } from '@rapport/protocol'
import type { Who } from './wire-call.ts'

/** Tickets of any help desk whose webhook lets its body be written, such as Freshdesk: one ticket a request. */
const ticketsBy = (who: Who): PayloadMapping => ({
  call: 'track',
  event: 'Ticket Created',
  messageId: '{webhook}:ticket:{/ticket_id}',
  userId: who === 'email' ? ['{/email}', '{/customer_id}'] : ['{/customer_id}', '{/email}'],
  anonymousId: '{webhook}:ticket:{/ticket_id}',
  timestamp: '{/created_at}',
  fields: {
    ticket_id: '{/ticket_id}',
    subject: '{/subject}',
    body: ['{/body}', '{/description}', '{/subject}'],
    status: '{/status}',
    priority: '{/priority}',
    product_id: '{/product_id}',
    channel: '{/channel}',
  },
})

/**
 * What somebody wrote about the shop in a social network, one mention a request. Its author is somebody of that network,
 * not yet a customer; what they feel is not taken from others.
 */
const mentions: PayloadMapping = {
  call: 'track',
  event: 'Mention Posted',
  messageId: 'mention:{/network}:{/id}',
  anonymousId: ['{/network}:{/author/id}', '{/network}:{/author}'],
  timestamp: '{/published_at}',
  fields: {
    mention_id: '{/id}',
    network: '{/network}',
    author: ['{/author/name}', '{/author}'],
    text: '{/text}',
    url: '{/url}',
    language: '{/language}',
  },
}

/**
 * Contacts as HubSpot lists them (CRM API v3, `GET /crm/v3/objects/contacts`). Whether somebody may be written to is not
 * taken from here: a flag without its text and time is no proof of a consent.
 */
const hubspotContactsBy = (who: Who): PayloadMapping => ({
  records: '/results',
  call: 'identify',
  messageId: 'hubspot:contact:{/id}:{/updatedAt}',
  userId: who === 'email' ? ['{/properties/email}', 'hubspot:{/id}'] : 'hubspot:{/id}',
  anonymousId: 'hubspot:contact:{/id}',
  timestamp: ['{/updatedAt}', '{/properties/lastmodifieddate}'],
  fields: {
    email: '{/properties/email}',
    firstName: '{/properties/firstname}',
    lastName: '{/properties/lastname}',
    phone: ['{/properties/phone}', '{/properties/mobilephone}'],
    city: '{/properties/city}',
    region: '{/properties/state}',
    country: '{/properties/country}',
    postal_code: '{/properties/zip}',
    createdAt: ['{/properties/createdate}', '{/createdAt}'],
    company: '{/properties/company}',
    jobTitle: '{/properties/jobtitle}',
    lifecycleStage: '{/properties/lifecyclestage}',
  },
})

/** Presets that are data: a mapping like one that a user writes. */
export const templates = { tickets: ticketsBy, mentions: () => mentions, 'hubspot-contacts': hubspotContactsBy }
