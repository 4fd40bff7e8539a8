import { PipelineError } from '../../execution/pipeline-error.ts';
import type { InlineBytes } from '../../schemas/generated/messages.ts';
import type { ListedFile } from './look-at-files.ts';

/** What one operation came to. */
export type FileAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'stat'; readonly file: ListedFile }
  | { readonly kind: 'list'; readonly files: readonly ListedFile[] }
  /** `size` is that of the whole file. */
  | { readonly kind: 'content'; readonly content: InlineBytes; readonly size: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** Nothing runs in the session: whoever asks reads its checkpoint. */
  | { readonly kind: 'at-rest' };

/** A refusal as it travels; what is no refusal is thrown again. */
export function refusalOf(error: unknown): FileAnswer {
  if (!(error instanceof PipelineError) || !error.code.startsWith('files/')) throw error;
  return { kind: 'failed', code: error.code, message: error.message.replace(/^\[[^\]]*\] /, '') };
}
