import { type Html, trusted } from '../../insights/index.ts'

/** Lines of a picture of 24 by 24. */
const lines = {
  eye: '<path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"/><circle cx="12" cy="12" r="2.8"/>',
  cart: '<path d="M3 4h2.2l2.3 11h10.2L20 7.5H6.2"/><circle cx="9" cy="19.5" r="1.4"/><circle cx="16.5" cy="19.5" r="1.4"/>',
  bag: '<path d="M5.5 8h13l1 12.5h-15z"/><path d="M8.8 10V7a3.2 3.2 0 0 1 6.4 0v3"/>',
  back: '<path d="M9 6 4 11l5 5"/><path d="M4.5 11H15a5 5 0 0 1 0 10h-3"/>',
  page: '<path d="M6 3h8l4 4v14H6z"/><path d="M13.5 3v4.5H18M9 12h6M9 16h6"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
  mail: '<path d="M3 6h18v12.5H3z"/><path d="m3.5 6.5 8.5 7 8.5-7"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c.8-4 3.9-6 8-6s7.2 2 8 6"/>',
  link: '<path d="M10 14a4.2 4.2 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1"/><path d="M14 10a4.2 4.2 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1"/>',
  chat: '<path d="M4 5h16v11.5H11L6.5 20v-3.5H4z"/><path d="M8 9.5h8M8 12.5h5"/>',
  star: '<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"/>',
  shield:
    '<path d="M12 3 4.5 6v5.5c0 4.6 3 7.8 7.5 9.5 4.5-1.7 7.5-4.9 7.5-9.5V6z"/><path d="m8.8 12 2.3 2.3 4.2-4.5"/>',
  dot: '<circle cx="12" cy="12" r="4"/>',
} as const

export type Icon = keyof typeof lines

/** A picture beside words that say the same. */
export const icon = (which: Icon): Html =>
  trusted(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${lines[which]}</svg>`)
