import type { Step } from '../core/step.ts'

/**
 * Every step, in the order in which a pipeline meets them. Each is loaded only when it is asked for, so that a command
 * pays for its own engine alone.
 */
const LOADERS: Readonly<Record<string, () => Promise<Step>>> = {
  'validate-schema': async () => (await import('./validate-schema.ts')).validateSchema,
  'check-data-quality': async () => (await import('./check-data-quality.ts')).checkDataQuality,
  run: async () => (await import('./run.ts')).run,
  train: async () => (await import('./train.ts')).train,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  'validate-model': async () => (await import('./validate-model.ts')).validateModel,
  'check-fairness': async () => (await import('./check-fairness.ts')).checkFairness,
  'security-scan': async () => (await import('./security-scan.ts')).securityScan,
  'register-model': async () => (await import('./register-model.ts')).registerModel,
  sign: async () => (await import('./sign.ts')).sign,
  verify: async () => (await import('./verify.ts')).verify,
  'build-image': async () => (await import('./build-image.ts')).buildImage,
  deploy: async () => (await import('./deploy.ts')).deploy,
  'smoke-test': async () => (await import('./smoke-test.ts')).smokeTest,
  'load-test': async () => (await import('./load-test.ts')).loadTest,
  approve: async () => (await import('./approve.ts')).approve,
  'verify-deployment': async () => (await import('./verify-deployment.ts')).verifyDeployment,
  notify: async () => (await import('./notify.ts')).notify,
  rollback: async () => (await import('./rollback.ts')).rollback,
}

/** The step of that name; undefined when there is none. */
export async function loadStep(name: string): Promise<Step | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]!() : undefined
}

/** All steps. */
export function loadSteps(): Promise<Step[]> {
  return Promise.all(Object.values(LOADERS).map((load) => load()))
}
