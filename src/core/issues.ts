import type { z } from 'zod'

/** What zod found first, on one line: `model.digest: Invalid input`. For files that we write, where the rest would not help. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  if (!issue) return 'Invalid input'
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join('.')}: ${issue.message}`
}
