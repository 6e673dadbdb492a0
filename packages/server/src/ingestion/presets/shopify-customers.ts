import { cut, type Fields, objectIn, textIn, withoutEmpty } from './fields.ts'
import { badPayload, contentId, type PayloadContext, somebody, type WireCall } from './wire-call.ts'

/** Who a customer is. Whether they may be written to is not taken from here: it is no proof of a consent. */
export function customerCalls(customer: Fields, { who }: PayloadContext): WireCall[] {
  const id = textIn(customer, 'id')
  if (id === undefined) throw badPayload('/id', 'be the id of the customer')
  const email = textIn(customer, 'email')
  const address = objectIn(customer, 'default_address')
  const updatedAt = textIn(customer, 'updated_at')
  return [
    {
      type: 'identify',
      messageId: `shopify:customer:${id}:${updatedAt ?? contentId(customer)}`,
      ...somebody(who, { id, email }, `shopify:customer:${id}`),
      ...(updatedAt === undefined ? {} : { timestamp: updatedAt }),
      traits: withoutEmpty({
        ...{ email, emailVerified: email !== undefined && customer['verified_email'] === true ? true : undefined },
        ...{ firstName: textIn(customer, 'first_name'), lastName: textIn(customer, 'last_name') },
        phone: textIn(customer, 'phone') ?? textIn(address, 'phone'),
        createdAt: textIn(customer, 'created_at'),
        tags: cut(textIn(customer, 'tags'), 1000),
        address: withoutEmpty({
          ...{ city: textIn(address, 'city'), postalCode: textIn(address, 'zip') },
          state: textIn(address, 'province_code') ?? textIn(address, 'province'),
          country: textIn(address, 'country_code') ?? textIn(address, 'country'),
        }),
      }),
    },
  ]
}
