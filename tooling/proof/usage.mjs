// Loaded before a command (`node --import`): leaves what the process used, all its threads together, in the file named
// by RAPPORT_USAGE_FILE when it ends.
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const usage = { megabytes: maxRSS / 1024, processorSeconds: (userCPUTime + systemCPUTime) / 1e6 }
    writeFileSync(process.env.RAPPORT_USAGE_FILE, JSON.stringify(usage))
  })
}
