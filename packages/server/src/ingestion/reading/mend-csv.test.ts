import { expect, test } from 'vitest'
import { CsvMender, type Piece } from './mend-csv.ts'

function mend(text: string, columns: number, step = text.length): Piece[] {
  const mender = new CsvMender(',', columns)
  const pieces: Piece[] = []
  for (let at = 0; at < text.length; at += step) pieces.push(...mender.add(text.slice(at, at + step)))
  return [...pieces, ...mender.finish()]
}

const told = (pieces: readonly Piece[]): string[] =>
  pieces.map((piece) => (piece.isRecord ? piece.text : `${piece.damage}: ${piece.text}`))

test('a quote that is never closed costs one line, not those up to the next quote', () => {
  expect(told(mend('1,"a,x\n2,b,y\n3,"c",z\n', 3))).toEqual(['quotes: 1,"a,x', '2,b,y', '3,"c",z'])
})

test('a quoted field may go on over lines, at either line end', () => {
  expect(told(mend('1,"a\nb\n\nc",x\r\n2,"d\r\ne",y\r\n', 3))).toEqual(['1,"a\nb\n\nc",x', '2,"d\r\ne",y'])
})

test('too few and too many fields, text after a quote, and bytes that are no text are damage', () => {
  expect(told(mend('1,2\n1,2,3,4\n1,"a"b,3\n1,\0,3\n1,\xff,3\n1,\xc3\xa9,3\n\n,,\n', 3))).toEqual([
    'too-few-fields: 1,2',
    'too-many-fields: 1,2,3,4',
    'quotes: 1,"a"b,3',
    'bytes: 1,\0,3',
    'bytes: 1,\xff,3',
    '1,\xc3\xa9,3',
    ',,',
  ])
})

test('how the text is cut into chunks changes nothing', () => {
  const text = '1,"a,x\n2,b,y\n3,"c\nd",z\n4,"e""f",g\n5,6\n7,"last\nline",8'
  const whole = told(mend(text, 3))
  for (const step of [1, 2, 3, 7, 11]) expect(told(mend(text, 3, step))).toEqual(whole)
  expect(whole).toHaveLength(6)
})
