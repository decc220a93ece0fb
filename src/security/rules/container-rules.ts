import { dangerous, suspicious, unexamined, type Rule } from './rule.ts'

export const CONTAINER_RULES = {
  'container.disagrees': dangerous('Parts of the archive contradict each other', {
    why: 'An archive names its members twice, before each of them and in a table at its end, and readers differ in which they believe. Where the two disagree, a scanner can be shown one file and the loader another.',
    fix: 'Save the model again with its framework, which writes both alike. An archive that keeps contradicting itself was made by hand.',
  }),
  'container.hidden-data': dangerous('The archive has bytes that its table of contents does not account for', {
    why: 'What no table lists is not seen by those who list the archive, and is loaded by readers that look elsewhere: a second archive, a pickle before the first, data behind a compressed stream.',
    fix: 'Unpack the archive and pack it again; the bytes are then gone. Ask where they came from.',
  }),
  'container.unsafe-name': dangerous('A member of the archive has a name that leads out of the folder', {
    why: 'Unpacking it writes to a place that the archive chose, through `..`, an absolute path, or a link: into a start-up file, over another model.',
    fix: 'Do not unpack it. Get the model from its maker again.',
  }),
  'container.encrypted': unexamined('A part of the archive is encrypted', {
    why: 'Nobody can look into it without the password; the machine that is told the password loads whatever is there.',
    fix: 'Decrypt it, and scan what comes out.',
  }),
  'container.damaged': unexamined('The archive is damaged', {
    why: 'Behind the damage nothing can be read, and a loader that repairs archives, or stops before the damage, sees more than the scan.',
    fix: 'Get the file again, and compare its digest with that of its maker.',
  }),
  'container.unopened': unexamined('The file is in a format that is recognised but not opened', {
    why: 'It is known what it is, and not what is in it.',
    fix: 'Unpack or convert it, and scan what comes out.',
  }),
  'numpy.header': suspicious('The NumPy header and the file disagree', {
    why: 'The header says what the bytes behind it are. Where it cannot be right, the bytes are something else, such as a pickle.',
    fix: 'Save the array again with `numpy.save(…, allow_pickle=False)`.',
  }),
} as const satisfies Record<string, Rule>
