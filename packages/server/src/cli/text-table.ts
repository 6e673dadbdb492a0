export interface TextColumn<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  /** Numbers stand to the right. Default left. */
  readonly align?: 'left' | 'right'
}

/** Rows as lines of text in columns as wide as their widest cell. */
export function textTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row)))]
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)))
  const lines = cells.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column]!
        return columns[column]!.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '))
  return lines.join('\n')
}
