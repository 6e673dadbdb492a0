import type { LiveFeed } from '../../features/index.ts'
import type { ListNames } from './list-contents.ts'

/** Whom ids on lists name, as the live copy knows it. @param feed the one that serves */
export const namesOf = (feed: () => Pick<LiveFeed, 'customerOf' | 'standingOf' | 'idsOf'>): ListNames => ({
  customerOf: (id) => {
    const customer = feed().customerOf(id)
    return feed().standingOf(customer) === 'customer' ? customer : null
  },
  idsOf: (customer) => feed().idsOf(customer),
})
