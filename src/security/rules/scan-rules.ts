import { dangerous, note, suspicious, unexamined, type Rule } from './rule.ts'

export const SCAN_RULES = {
  'format.disagrees': dangerous('The name of the file says another format than its content', {
    why: 'Scanners and people choose by the name, loaders by the content: a pickle that is called `.safetensors` runs code where nobody looks for any.',
    fix: 'Give the file the extension of what it is, or ask its maker why it has another.',
  }),
  'format.program': suspicious('A program lies in the model or beside it', {
    why: 'Libraries, executables and compiled Python run on the machine that loads them, and nothing here can say what they do.',
    fix: 'Remove it from the model. If the model needs it, build it from its source and install it where programs belong.',
  }),
  'format.unknown': unexamined('The format of the content is not known', {
    why: 'Nothing can be said of bytes that are not understood: some loader may understand them.',
    fix: 'Remove the file from the model, or save the model in a format that is examined: safetensors, ONNX, or another of the reference.',
  }),
  'scan.limit': unexamined('A bound of the scanner was hit', {
    why: 'Archives can unfold to more than any disk holds and nest without end, to keep a scanner busy or to hide behind its bounds.',
    fix: 'Unpack the archive, and scan what is in it. A file of an honest model does not come near these bounds.',
  }),
  'scan.changed': unexamined('The file changed while it was read', {
    why: 'The verdict would be of bytes that nobody has any more.',
    fix: 'Scan it again when nothing writes to it; best a copy that nothing else can write to.',
  }),
  'scan.unreadable': unexamined('A file cannot be read', {
    why: 'What the scan may not read, the program that loads the model perhaps may.',
    fix: 'Give the scan permission to read the file, or remove it.',
  }),
  'scan.link': unexamined('A link leads out of the scanned folder', {
    why: 'What it leads to is no part of the scan, and can be exchanged without the folder being touched.',
    fix: 'Scan a copy of the folder in which links are replaced by files (`cp -RL`), or remove the link.',
  }),
  'scan.special-file': suspicious('A pipe, a socket or a device lies among the files', {
    why: 'No model has one. Programs that open it wait forever, or read from somewhere else.',
    fix: 'Remove it.',
  }),
  'scan.crashed': unexamined('The scanner failed on the content', {
    why: 'It was written for hostile content and has a mistake all the same. What it did not look at counts as not examined.',
    fix: 'Report it with the file, if you may share it. Until then, treat the file as dangerous.',
  }),
  'scan.skipped': note('The history of the folder was not scanned', {
    why: 'A `.git` folder holds older versions of the files, compressed. Loaders of models do not look into it.',
    fix: 'Nothing, unless you deploy the folder: then deploy it without its history.',
  }),
  'scan.hard-links': note('A file has several names', {
    why: 'Whoever can write to the other name changes the model after the scan. The digest tells when that has happened.',
    fix: 'Deploy by the digest that the scan reports, or scan a copy of its own.',
  }),
} as const satisfies Record<string, Rule>
