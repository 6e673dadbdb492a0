import { expect, test } from 'vitest'
import { classesOf } from './classes.ts'
import { readLabelList } from './label-list.ts'

const words = (...counts: readonly [string, number][]): string[] =>
  counts.flatMap(([word, count]) => Array.from({ length: count }, () => word))

test('a list is read by its heads, quoted or not, in any order of columns', () => {
  expect(readLabelList('\uFEFFlabel,note,Customer_ID\r\nyes,"a, ""b""\nc",u1\r\nno,,"u,2"\r\n\r\n', 'x.csv')).toEqual({
    ids: ['u1', 'u,2'],
    labels: ['yes', 'no'],
  })
})

test('of several columns that could be meant the one with the plainest name is, wherever it stands', () => {
  expect(readLabelList('id,segment,Customer ID,label\n1,s,u1,yes\n', 'x.csv')).toEqual({ ids: ['u1'], labels: ['yes'] })
})

test.each([
  ['label,customer_id,label\nx,u1,yes', 'x.csv must have one column label, got several'],
  ['customer_id,customer_id,label\nu1,u2,yes', 'x.csv must have one column customer_id, got several'],
  [
    'customer_id,label\nu1,y\u001b[31mes',
    'the label in row 2 of x.csv must be a word of at most 60 characters on one line',
  ],
  [
    `customer_id,label\nu1,yes\nu2,${'y'.repeat(5000)}`,
    `the label in row 3 of x.csv must be a word of at most 60 characters on one line, got "${'y'.repeat(40)}…"`,
  ],
  ['', 'x.csv must have the columns customer_id and label, got none'],
  ['customer_id\nu1', 'x.csv must have the columns customer_id and label, got customer_id'],
  [
    'customer_id;label\nu1;yes',
    'x.csv must have the columns customer_id and label, with commas between them and not semicolons, got customer_id;label',
  ],
  ['customer_id\tlabel\nu1\tyes', 'with commas between them and not tabs, got customer_id'],
  ['customer_id,label\nu1,yes\nu2,', 'row 3 of x.csv must have an id and a label, got no label'],
  ['customer_id,label\n,yes', 'row 2 of x.csv must have an id and a label, got no id'],
  ['customer_id,label\n"u1,yes', 'x.csv must close its quotes, got one that is open to the end'],
])('refuses %j', (text, message) => {
  expect(() => readLabelList(text, 'x.csv')).toThrow(message)
})

test('yes and no are said in several ways; other words are classes of their own', () => {
  const said = classesOf([...words(['Yes', 20], ['0', 15]), ...words(['true', 5], ['NO', 5])])
  expect(said.classes).toEqual({ isYesNo: true, names: ['no', 'yes'] })
  expect(said.numbers.reduce((sum, one) => sum + one, 0)).toBe(25)
  expect(classesOf(words(['gold', 20], ['silver', 20], ['no', 20])).classes).toEqual({
    isYesNo: false,
    names: ['gold', 'no', 'silver'],
  })
})

test.each([
  [words(['yes', 20], ['no', 19]), 'at least 40 customers who may be profiled must be labelled, got 39'],
  [words(['yes', 50]), 'labels must say who is not in it as well: all 50 say the same, got 0 no, 50 yes'],
  [words(['gold', 50]), 'all 50 say the same, got 50 gold'],
  [words(['yes', 9], ['no', 50]), 'every class must have at least 10 customers, got 50 no, 9 yes'],
  [words(...Array.from({ length: 11 }, (_, at): [string, number] => [`c${at}`, 10])), 'at most 10 classes, got 11'],
])('refuses labels that teach nothing', (labels, message) => {
  expect(() => classesOf(labels)).toThrow(message)
})
