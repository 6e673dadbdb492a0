import type { Progress } from '../base/index.ts'

const barWidth = 24
/** Work that is over sooner shows no bar. */
const quietMs = 300
const redrawMs = 80
/** Without a terminal a line is printed when the stage changes, and no more often than this. */
const lineMs = 1000

interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows how far long work has come: one bar redrawn in place on a terminal, a line now and then elsewhere. */
export class ProgressBar {
  readonly #output: Output
  readonly #clock: () => number
  readonly #started: number
  #drawnAt = 0
  #isDrawn = false
  #stage = ''

  constructor(output: Output, clock: () => number) {
    this.#output = output
    this.#clock = clock
    this.#started = clock()
  }

  show(progress: Progress): void {
    const time = this.#clock()
    if (time - this.#started < quietMs) return
    if (this.#output.isTTY) this.#redraw(progress, time)
    else this.#line(progress, time)
  }

  /** Removes the bar, so that something else can be printed. */
  clear(): void {
    if (this.#isDrawn) this.#output.write('\r\x1b[2K')
    this.#isDrawn = false
  }

  #redraw({ stage, done, total }: Progress, time: number): void {
    if (stage === this.#stage && time - this.#drawnAt < redrawMs && done < total) return
    this.#stage = stage
    this.#drawnAt = time
    const share = total > 0 ? Math.min(done / total, 1) : 0
    const filled = Math.round(share * barWidth)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
    const text = `${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${stage}`
    this.#output.write(`\r\x1b[2K${text.slice(0, (this.#output.columns ?? 80) - 1)}`)
    this.#isDrawn = true
  }

  #line({ stage }: Progress, time: number): void {
    if (stage === this.#stage || time - this.#drawnAt < lineMs) return
    this.#stage = stage
    this.#drawnAt = time
    this.#output.write(`${stage} …\n`)
  }
}
