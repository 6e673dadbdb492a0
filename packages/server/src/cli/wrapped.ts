/** What lines of running text are broken at: as wide as the tables are. */
const columnsMax = 118

/**
 * Running text in lines of at most 118 characters, broken between words; the lines after the first begin two spaces in. A word
 * that is longer stands alone.
 */
export function wrapped(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columnsMax) {
      lines.push(line)
      line = `  ${word}`
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}
