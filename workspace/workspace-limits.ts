import { PipelineError } from '../execution/pipeline-error.ts';

/** Bounds of a workspace. `bytes` counts the sizes of files, each hard-linked file once; `entries` everything found. */
export interface WorkspaceLimits {
  readonly bytes: number;
  readonly entries: number;
}

/** The refusal that every limit of a workspace gives, when it is saved and when it is restored. */
export function tooLarge(what: keyof WorkspaceLimits, found: number, limits: WorkspaceLimits): PipelineError {
  const text = `the workspace has at least ${found} ${what}; the limit is ${limits[what]}`;
  return new PipelineError('workspace/too-large', text);
}
