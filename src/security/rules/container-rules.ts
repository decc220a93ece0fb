import { dangerous, suspicious, unexamined, type Rule } from './rule.ts'

export const CONTAINER_RULES = {
  'container.disagrees': dangerous('Parts of the archive contradict each other', { why: 'TODO', fix: 'TODO' }),
  'container.hidden-data': dangerous('The archive has bytes that its table of contents does not account for', {
    why: 'TODO',
    fix: 'TODO',
  }),
  'container.unsafe-name': dangerous('A member of the archive has a name that leads out of the folder', {
    why: 'TODO',
    fix: 'TODO',
  }),
  'container.encrypted': unexamined('A part of the archive is encrypted', { why: 'TODO', fix: 'TODO' }),
  'container.damaged': unexamined('The archive is damaged', { why: 'TODO', fix: 'TODO' }),
  'container.unopened': unexamined('The file is in a format that is recognised but not opened', { why: 'TODO', fix: 'TODO' }),
  'numpy.header': suspicious('The NumPy header and the file disagree', { why: 'TODO', fix: 'TODO' }),
} as const satisfies Record<string, Rule>
