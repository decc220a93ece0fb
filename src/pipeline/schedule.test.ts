import { array, assert, asyncProperty, boolean, constantFrom, integer, nat, record } from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { blocks, VERDICTS, type Verdict } from '../core/verdict.ts'
import { ancestorsOf, findCycle, selectNodes } from './graph.ts'
import { schedule, type ScheduleNode } from './schedule.ts'

interface Job extends ScheduleNode {
  readonly verdict: Verdict
  readonly delay: number
}

/** Random acyclic graphs: each node needs some of those before it. */
const jobs = array(
  record({ needs: array(nat(9), { maxLength: 3 }), verdict: constantFrom(...VERDICTS), delay: nat(3), exclusive: boolean() }),
  { minLength: 1, maxLength: 10 },
).map((drawn) =>
  drawn.map(({ needs, verdict, delay, exclusive }, index): Job => ({
    name: `n${index}`,
    needs: index === 0 ? [] : [...new Set(needs.map((need) => `n${need % index}`))],
    exclusive: exclusive ? ['one at a time'] : [],
    verdict,
    delay,
  })),
)

test('any graph: each node is settled once, after what it needs, never when blocked, never more at once than allowed', async () => {
  await assert(
    asyncProperty(jobs, integer({ min: 1, max: 4 }), async (nodes, maxParallel) => {
      const ended: string[] = []
      const ran: string[] = []
      const running = new Set<Job>()
      let busy = 0
      const isOpen = (verdict: Verdict | 'not-run') => verdict !== 'not-run' && !blocks(verdict, 'block')
      const outcomes = await schedule<Job, Verdict | 'not-run'>(nodes, {
        maxParallel,
        gate(node, before) {
          if (node.needs.every((need) => isOpen(before.get(need)!))) return undefined
          ended.push(node.name)
          return 'not-run'
        },
        async run(node, before) {
          for (const need of node.needs) expect(isOpen(before.get(need)!)).toBe(true)
          busy += node.exclusive.length
          expect(busy).toBeLessThanOrEqual(1)
          running.add(node)
          expect(running.size).toBeLessThanOrEqual(maxParallel)
          ran.push(node.name)
          await sleep(node.delay)
          running.delete(node)
          busy -= node.exclusive.length
          ended.push(node.name)
          return node.verdict
        },
      })
      expect(ended.toSorted()).toEqual(nodes.map(({ name }) => name).toSorted())
      expect(outcomes.size).toBe(nodes.length)
      for (const { name, verdict } of nodes) {
        const blocked = [...ancestorsOf(name, nodes)].some((need) =>
          blocks(nodes.find((node) => node.name === need)!.verdict, 'block'),
        )
        expect(outcomes.get(name)).toBe(blocked ? 'not-run' : verdict)
        expect(ran.filter((other) => other === name)).toHaveLength(blocked ? 0 : 1)
      }
    }),
    { numRuns: 150 },
  )
})

test('what the work throws is thrown after the running nodes have ended, and nothing further starts', async () => {
  const node = (name: string, needs: string[] = []) => ({ name, needs, exclusive: [] })
  const ended: string[] = []
  const running = schedule([node('bad'), node('slow'), node('next', ['slow'])], {
    maxParallel: 2,
    gate: () => undefined,
    async run({ name }) {
      await sleep(name === 'slow' ? 40 : 5)
      if (name === 'bad') throw new Error('broken')
      ended.push(name)
    },
  })
  await expect(running).rejects.toThrow('broken')
  expect(ended).toEqual(['slow'])
})

test('graphs: cycles as paths, ancestors, selection', () => {
  const nodes = [
    { name: 'a', needs: [] },
    { name: 'b', needs: ['a'] },
    { name: 'c', needs: ['b'] },
    { name: 'd', needs: [] },
  ]
  expect(findCycle(nodes)).toBeNull()
  expect(
    findCycle([...nodes, { name: 'x', needs: ['y'] }, { name: 'y', needs: ['z', 'a'] }, { name: 'z', needs: ['x'] }]),
  ).toEqual(['x', 'y', 'z', 'x'])
  expect([...ancestorsOf('c', nodes)].toSorted()).toEqual(['a', 'b'])
  expect(selectNodes(nodes, ['b']).map(({ name }) => name)).toEqual(['a', 'b'])
})
