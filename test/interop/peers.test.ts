import { expect, test } from 'vitest'
import { PEERS } from './peers.ts'

// In CI a test is skipped for one reason alone: its peer cannot be installed on this machine.
test.runIf(process.env['CI'])('in CI every peer that can be installed is here', () => {
  const refused = new Set((process.env['PLIMSOLL_REFUSED_PEERS'] ?? '').split(' '))
  const missing = Object.entries(PEERS).flatMap(([peer, here]) => (here || refused.has(peer) ? [] : [peer]))
  expect(missing).toEqual([])
})
