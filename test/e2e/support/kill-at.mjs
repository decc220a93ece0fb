// Preloaded into a run (NODE_OPTIONS): as soon as it says on standard error what KILL_AT matches, and KILL_AFTER milliseconds
// later, it is gone as after `kill -9`. From outside, a stage of a few milliseconds could not be met.
import process from 'node:process'

const { KILL_AT, KILL_AFTER = '0' } = process.env
if (KILL_AT !== undefined && process.argv[1]?.endsWith('plimsoll.js')) {
  // Its children live until they are found.
  delete process.env.NODE_OPTIONS
  delete process.env.KILL_AT
  const pattern = new RegExp(KILL_AT)
  const kill = () => process.kill(process.pid, 'SIGKILL')
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk, ...rest) => {
    const more = write(chunk, ...rest)
    if (pattern.test(String(chunk))) {
      if (KILL_AFTER === '0') kill()
      else setTimeout(kill, Number(KILL_AFTER))
    }
    return more
  }
}
