import { expect, test } from 'vitest'
import { branchOf, eventOf, policyOf } from './environment.ts'

const git = { commit: null, branch: 'feature', dirty: false }

test("a fork's branch called main is not the main branch", () => {
  expect(branchOf({ GITHUB_HEAD_REF: 'main', GITHUB_REF_NAME: '12/merge' }, git)).toBe('pull-request/main')
  // pull_request_target runs with the name of the base branch.
  expect(branchOf({ GITHUB_HEAD_REF: 'main', GITHUB_REF_NAME: 'main' }, git)).toBe('pull-request/main')
  expect(branchOf({ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'main', CI_COMMIT_REF_NAME: 'main' }, git)).toBe('pull-request/main')
})

test("the CI's word for the branch wins over git's, which stands on a commit there", () => {
  expect(branchOf({ GITHUB_REF_NAME: 'main' }, { ...git, branch: null })).toBe('main')
  expect(branchOf({ CI_COMMIT_REF_NAME: 'main' }, git)).toBe('main')
  expect(branchOf({}, git)).toBe('feature')
  expect(branchOf({}, { ...git, branch: null })).toBeUndefined()
})

test('too little evidence warns on a pull request and blocks elsewhere', () => {
  expect(policyOf(eventOf({ GITHUB_EVENT_NAME: 'pull_request_target' }))).toBe('warn')
  expect(policyOf(eventOf({ CI_PIPELINE_SOURCE: 'merge_request_event' }))).toBe('warn')
  expect(policyOf(eventOf({ GITHUB_EVENT_NAME: 'push' }))).toBe('block')
  expect(policyOf(eventOf({}))).toBe('block')
})
