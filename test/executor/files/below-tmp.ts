import type { FileOperation } from '../../../execution/file-operation.ts';
import type { FilePath } from '../../../schemas/generated/messages.ts';
import type { FileAnswer } from '../../../workspace/files/file-answer.ts';

/** Relative paths begin in the workspace. */
const renamed = (path: FilePath, from: string, to: string): FilePath => {
  const bytes = Buffer.from(path instanceof Object ? path.base64 : path, path instanceof Object ? 'base64' : 'utf8');
  const text = bytes.toString('latin1');
  const moved = text.startsWith(from) ? `${to}${text.slice(from.length)}` : text.replace(/^(?!\/)/, `${to}/`);
  const whole = Buffer.from(moved, 'latin1');
  return path instanceof Object ? { base64: whole.toString('base64') } : whole.toString('utf8');
};

export const belowTmp = (operation: FileOperation): FileOperation => ({
  ...operation,
  path: renamed(operation.path, '/workspace', '/tmp'),
  ...('to' in operation && { to: renamed(operation.to, '/workspace', '/tmp') }),
});

export const asInWorkspace = (answer: FileAnswer): FileAnswer =>
  answer.kind === 'list'
    ? { ...answer, files: answer.files.map((file) => ({ ...file, path: renamed(file.path, '/tmp', '/workspace') })) }
    : answer;
