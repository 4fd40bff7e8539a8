import { PipelineError } from '../execution/pipeline-error.ts';

type Readers = readonly (() => unknown)[];
type Results<R extends Readers> = { [K in keyof R]: R[K] extends () => infer T ? T : never };

const prefix = '[config/invalid] ';

/** Runs every reader and throws ONE config/invalid with the problems of all, so that one start tells everything. */
export function readAll<const R extends Readers>(...readers: R): Results<R> {
  const problems: string[] = [];
  const results = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'config/invalid') throw error;
      problems.push(error.message.slice(prefix.length));
      return undefined;
    }
  });
  if (problems.length > 0) throw new PipelineError('config/invalid', problems.join('; '));
  return results as Results<R>;
}
