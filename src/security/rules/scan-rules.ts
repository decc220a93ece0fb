import { dangerous, unexamined, type Rule } from './rule.ts'

export const SCAN_RULES = {
  'format.disagrees': dangerous('The name of the file says another format than its content', { why: 'TODO', fix: 'TODO' }),
  'format.unknown': unexamined('The format of the content is not known', { why: 'TODO', fix: 'TODO' }),
  'scan.limit': unexamined('A bound of the scanner was hit', { why: 'TODO', fix: 'TODO' }),
  'scan.changed': unexamined('The file changed while it was read', { why: 'TODO', fix: 'TODO' }),
} as const satisfies Record<string, Rule>
