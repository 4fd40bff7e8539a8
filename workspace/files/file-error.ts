import type { ErrorCode } from '../../execution/error-codes.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type BytePath, showPath } from '../byte-path.ts';
import { codeOf } from '../file-errors.ts';

type FileErrorCode = Extract<ErrorCode, `files/${string}`>;

const maxShown = 512;

/** The refusal of one operation; its message names the file. */
export function fileError(code: FileErrorCode, path: BytePath, what: string, cause?: unknown): PipelineError {
  const text = showPath(path);
  const shown = text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
  return new PipelineError(code, `'${shown}' ${what}`, cause === undefined ? undefined : { cause });
}

/** What a call of the system refused, in the words of this API; anything that no session can bring about is thrown again. */
export function fromSystem(error: unknown, path: BytePath): PipelineError {
  if (error instanceof PipelineError) return error;
  const row = systemErrors[codeOf(error) ?? ''];
  if (row === undefined) throw error;
  return fileError(row[0], path, row[1], error);
}

const systemErrors: Readonly<Record<string, readonly [FileErrorCode, string]>> = {
  ENOENT: ['files/not-found', 'is not there'],
  ENOTDIR: ['files/not-a-directory', 'leads through something that is no folder'],
  EISDIR: ['files/is-directory', 'is a folder'],
  EACCES: ['files/permission-denied', 'may not be touched by the user of the session'],
  EPERM: ['files/permission-denied', 'may not be touched by the user of the session'],
  EEXIST: ['files/already-exists', 'is there already'],
  ENOTEMPTY: ['files/already-exists', 'is a folder that is not empty'],
  ENAMETOOLONG: ['files/invalid-path', 'has a name that is too long'],
  ELOOP: ['files/invalid-path', 'became a link meanwhile'],
  EINVAL: ['files/invalid-path', 'cannot be moved into itself'],
  EXDEV: ['files/invalid-path', 'cannot be moved to another file system'],
  ENXIO: ['files/invalid-path', 'is no regular file'],
  ENODEV: ['files/invalid-path', 'is no regular file'],
  ENOSPC: ['files/too-large', 'finds no room on the disk'],
  EDQUOT: ['files/too-large', 'finds no room on the disk'],
  EFBIG: ['files/too-large', 'finds no room on the disk'],
  ETXTBSY: ['files/permission-denied', 'is a program that runs'],
};
