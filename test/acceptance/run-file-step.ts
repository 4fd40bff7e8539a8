import { PipelineError, type SessionFiles } from '../../client/index.ts';
import { generate, type Step, type WriteStep } from './case.ts';

/** What a file step came to, in the words of the cases. */
export interface ObservedFile {
  readonly error: string | null;
  readonly message: string;
  readonly content: Uint8Array | null;
  readonly names: readonly string[] | null;
  readonly exists: boolean | null;
}

const nothing: ObservedFile = { error: null, message: '', content: null, names: null, exists: null };

/** Resolves with what came of the file operation of a step; null when it has none. */
export async function carryOutFileStep(files: SessionFiles, step: Step): Promise<ObservedFile | null> {
  const action = actionOf(files, step);
  if (action === null) return null;
  try {
    return { ...nothing, ...(await action()) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { ...nothing, error: error.code.replace(/^files\//, '').replaceAll('-', '_'), message: error.message };
  }
}

type Action = () => Promise<Partial<ObservedFile>>;

function actionOf(files: SessionFiles, step: Step): Action | null {
  const { write_file, read_file, list_dir, exists, make_dir, delete_path } = step;
  const done = async (work: Promise<void>) => {
    await work;
    return {};
  };
  if (write_file !== undefined) return () => done(files.write(write_file.path, contentOf(write_file)));
  if (make_dir !== undefined) return () => done(files.makeDir(make_dir.path));
  if (delete_path !== undefined) {
    return () => done(files.remove(delete_path.path, { recursive: delete_path.recursive === true }));
  }
  if (exists !== undefined) return async () => ({ exists: await files.exists(exists.path) });
  if (list_dir !== undefined) {
    return async () => ({ names: (await files.list(list_dir.path)).map(({ name }) => name) });
  }
  if (read_file === undefined) return null;
  const { path, limit_bytes } = read_file;
  return async () => ({
    content: await files.read(path, limit_bytes === undefined ? {} : { maxBytes: limit_bytes }),
  });
}

function contentOf({ content, content_base64, content_gen }: WriteStep): string | Uint8Array {
  if (content_base64 !== undefined) return Buffer.from(content_base64, 'base64');
  return content_gen === undefined ? (content ?? '') : generate(content_gen);
}
