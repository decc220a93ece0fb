import { array, assert, constantFrom, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { latestDeployment, releaseStack } from './history.ts'
import type { Deployment, DeploymentKind, DeploymentState } from './records.ts'

const deployments = (...moves: (readonly [DeploymentKind, string, DeploymentState?])[]): Deployment[] =>
  moves.map(([kind, releaseId, state = 'succeeded'], i) => ({
    id: i + 1,
    environment: 'production',
    releaseId,
    previousReleaseId: null,
    kind,
    state,
    by: null,
    reason: null,
    runId: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    error: null,
  }))

test('a rollback goes one back, a second one further, and none goes forward again', () => {
  const moves: [DeploymentKind, string][] = [
    ['deploy', 'a'],
    ['deploy', 'b'],
    ['deploy', 'c'],
  ]
  expect(releaseStack(deployments(...moves))).toEqual(['a', 'b', 'c'])
  expect(releaseStack(deployments(...moves, ['rollback', 'b']))).toEqual(['a', 'b'])
  expect(releaseStack(deployments(...moves, ['rollback', 'b'], ['rollback', 'a']))).toEqual(['a'])
  expect(releaseStack(deployments(...moves, ['rollback', 'b'], ['deploy', 'd']))).toEqual(['a', 'b', 'd'])
})

test('what did not succeed and what changed nothing leave no trace', () => {
  const moves = deployments(
    ['deploy', 'a'],
    ['deploy', 'b', 'failed'],
    ['deploy', 'a'],
    ['deploy', 'c', 'pending'],
    ['deploy', 'd', 'interrupted'],
  )
  expect(releaseStack(moves)).toEqual(['a'])
  expect(latestDeployment(moves)?.id).toBe(3)
})

test('a rollback to a release that was taken off the stack puts it on top', () => {
  expect(releaseStack(deployments(['deploy', 'a'], ['deploy', 'b'], ['rollback', 'a'], ['rollback', 'b']))).toEqual(['a', 'b'])
})

test('the top of the stack is always what the environment is at', () => {
  const move = tuple(
    constantFrom<DeploymentKind>('deploy', 'rollback'),
    constantFrom('a', 'b', 'c', 'd'),
    constantFrom<DeploymentState>('succeeded', 'failed', 'interrupted'),
  )
  assert(
    property(array(move), (moves) => {
      const history = deployments(...moves)
      expect(releaseStack(history).at(-1)).toBe(latestDeployment(history)?.releaseId)
    }),
  )
})
