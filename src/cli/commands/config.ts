import { resolve } from 'node:path'
import { loadPipeline } from '../../pipeline/config.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { loadSteps } from '../../steps/index.ts'
import { listing, print } from '../output.ts'
import { CONFIG_FILE, type Session } from '../session.ts'

/** Reads the pipeline file and says what is in it; mistakes are thrown with their lines. */
export async function checkConfigCommand(session: Session, file: string | undefined): Promise<number> {
  const path = file === undefined ? resolve(session.root, CONFIG_FILE) : resolve(session.cwd, file)
  const pipeline = await loadPipeline(path, { steps: await loadSteps(), env: session.env, display: file ?? CONFIG_FILE })
  print(session, summaryOf(pipeline), ({ name, stages }) =>
    [
      `${file ?? CONFIG_FILE} is right: pipeline ${name}, ${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}.`,
      '',
      listing(
        session,
        ['stage', 'needs', 'steps'],
        stages.map((stage) => [stage.name, stage.needs.join(', '), stage.steps.join(', ')]),
      ),
    ].join('\n'),
  )
  return 0
}

const summaryOf = ({ name, stages }: Pipeline) => ({
  name,
  stages: stages.map((stage) => ({ name: stage.name, needs: stage.needs, steps: stage.steps.map(({ id }) => id) })),
})
