import type { FileOperationFields, FilePath, InlineBytes } from '../schemas/generated/messages.ts';

/** One operation on the files of a session, with what its kind needs and nothing else. */
export type FileOperation =
  | { readonly kind: 'write'; readonly path: FilePath; readonly content: InlineBytes; readonly mode?: number }
  | { readonly kind: 'append'; readonly path: FilePath; readonly content: InlineBytes }
  | { readonly kind: 'make-directory'; readonly path: FilePath }
  | { readonly kind: 'remove'; readonly path: FilePath; readonly recursive?: boolean; readonly force?: boolean }
  | { readonly kind: 'move'; readonly path: FilePath; readonly to: FilePath; readonly overwrite?: boolean }
  | {
      readonly kind: 'read';
      readonly path: FilePath;
      readonly offset?: number;
      readonly length?: number;
      readonly maxBytes?: number;
    }
  | { readonly kind: 'list'; readonly path: FilePath; readonly recursive?: boolean; readonly glob?: string }
  | { readonly kind: 'stat'; readonly path: FilePath };

type Kind = FileOperation['kind'];

/** Fields of each kind beside `kind` and `path`; true: it needs it. */
const fieldsOf: Readonly<Record<Kind, Readonly<Partial<Record<keyof FileOperationFields, boolean>>>>> = {
  write: { content: true, mode: false },
  append: { content: true },
  'make-directory': {},
  remove: { recursive: false, force: false },
  move: { to: true, overwrite: false },
  read: { offset: false, length: false, maxBytes: false },
  list: { recursive: false, glob: false },
  stat: {},
};

const changing: readonly Kind[] = ['write', 'append', 'make-directory', 'remove', 'move'];

export const isChange = ({ kind }: FileOperation): boolean => changing.includes(kind);

/**
 * What the schema leaves open, because validators that tell eight kinds apart are long and every executor loads them: whether
 * an operation has what its kind needs. Gives a problem in words where one has not.
 */
export function readFileOperations(
  operations: readonly FileOperationFields[],
):
  | { readonly ok: true; readonly operations: readonly FileOperation[] }
  | { readonly ok: false; readonly problem: string } {
  for (const [i, operation] of operations.entries()) {
    const allowed = fieldsOf[operation.kind];
    const missing = Object.entries(allowed).find(([name, needed]) => needed && !(name in operation));
    if (missing !== undefined) return { ok: false, problem: `operations[${i}].${missing[0]} is required` };
    const odd = Object.keys(operation).find((name) => name !== 'kind' && name !== 'path' && !(name in allowed));
    if (odd !== undefined) return { ok: false, problem: `operations[${i}]: ${operation.kind} has no field "${odd}"` };
  }
  return { ok: true, operations: operations as readonly FileOperation[] };
}
