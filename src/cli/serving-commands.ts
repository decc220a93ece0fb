import type { Command } from 'commander'
import type { ServeFlags } from './commands/serve.ts'
import type { SuperviseFlags } from './commands/supervise.ts'
import type { Act } from './act.ts'
import { portNumber } from './number-flags.ts'

/** The commands that serve a model: one for people, and the one that deploy starts. They are loaded when one of them is run. */
export function addServingCommands(program: Command, act: Act): void {
  program
    .command('serve')
    .description('Serve a model over HTTP by the Open Inference Protocol v2.')
    .requiredOption('--model <FILE>', 'The model to serve (required)')
    .option('--port <N>', 'Port to listen on; 0 for any free one (default: 8080)', portNumber)
    .option('--host <ADDRESS>', 'Address to listen on (default: 127.0.0.1)')
    .option('--model-name <NAME>', "Name that clients ask for (default: the file's)")
    .option('--model-version <VERSION>', 'Version that clients are told (default: 1)')
    .option('--model-digest <DIGEST>', 'Start only if the model has this digest, sha256:…')
    .option('--release <ID>', 'Release that clients are told')
    .option('--features <COLUMNS>', 'Column names in order, with commas, for a model that does not name them')
    .option('--python <PROGRAM>', 'The Python that loads a Python model')
    .addHelpText('after', '\nExamples:\n  $ plimsoll serve --model artifacts/model.onnx --port 8080')
    .action((flags: ServeFlags) => act(async (session) => (await import('./commands/serve.ts')).serveCommand(session, flags)))
  program
    .command('supervise', { hidden: true })
    .description('Run an environment; started by deploy, not by people.')
    .requiredOption('--config <FILE>', 'What to run, as JSON (required)')
    .action((flags: SuperviseFlags) =>
      act(async (session) => (await import('./commands/supervise.ts')).superviseCommand(session, flags)),
    )
}
