import { PipelineError } from '../../execution/pipeline-error.ts';

/** Of an archive that is none, or none that this reader takes. */
export const tarError = (problem: string): PipelineError =>
  new PipelineError('workspace/corrupt', `the archive ${problem}`);
