import { PipelineError } from '../execution/pipeline-error.ts';

/** What every id of the messages is made of. Anything else names no record, and could mean a path or a filter. */
export const isRecordId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/.test(id);

/** The id, when it can stand in a filter. */
export function requireRecordId(field: string, id: string): string {
  if (isRecordId(id)) return id;
  throw new PipelineError(
    'message/invalid',
    `${field} ${JSON.stringify(id)} must be letters, digits, ".", "_" and "-", beginning with a letter or digit`,
  );
}
