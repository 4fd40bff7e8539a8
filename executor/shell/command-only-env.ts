import type { ExecRequest } from '../../schemas/generated/messages.ts';
import type { Wall } from '../walls/wall.ts';
import { baseEnvironment } from './shell-input.ts';

/** Names that the prelude uses in the shell. */
export const reservedName = (name: string): boolean => name.startsWith('__sandbus_');

/**
 * What is exported for one command and not kept. Where the wall does not give the workspace a name of its own, that
 * includes what names a folder of this executor, because the next command of the session will be in another.
 */
export function commandOnlyEnv(
  { env = {} }: Pick<ExecRequest, 'env'>,
  wall: Wall,
  workspace: string,
): Record<string, string> {
  const { HOME = workspace } = baseEnvironment({ workspace, input: '', output: '' });
  const ofPlace = wall.kind === 'none' || wall.kind === 'container' ? { HOME } : {};
  const given = Object.entries(env).filter(([name]) => !reservedName(name));
  return { ...ofPlace, ...Object.fromEntries(given) };
}
