import { editorSchema } from '../../pipeline/config.ts'
import { validationSchema } from '../../steps/validation-document.ts'
import { loadSteps } from '../../steps/index.ts'
import { allowListPage } from './allow-list-page.ts'
import { cliPage } from './cli-page.ts'
import { configPage } from './config-page.ts'
import { dataRulesPage } from './data-rules-page.ts'
import { errorsPage } from './errors-page.ts'
import { hardeningRulesPage } from './hardening-rules-page.ts'
import { metricsPage } from './metrics-page.ts'
import { scannerPage } from './scanner-page.ts'
import { stepsPage } from './steps-page.ts'
import { verdictsPage } from './verdicts-page.ts'

/** Every file that is generated from the code, by its path in the repository. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const steps = await loadSteps()
  return {
    'plimsoll.schema.json': `${JSON.stringify(editorSchema(steps), null, 2)}\n`,
    'validation.schema.json': `${JSON.stringify(validationSchema(), null, 2)}\n`,
    'docs/reference/steps.md': stepsPage(steps),
    'docs/reference/allow-list.md': allowListPage(),
    'docs/reference/cli.md': await cliPage(),
    'docs/reference/config.md': configPage(steps),
    'docs/reference/data-rules.md': dataRulesPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/hardening-rules.md': hardeningRulesPage(),
    'docs/reference/metrics.md': metricsPage(),
    'docs/reference/scanner.md': scannerPage(),
    'docs/reference/verdicts.md': verdictsPage(),
  }
}
