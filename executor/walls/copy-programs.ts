import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Programs of this folder that walls without an agent run as the command's user, who need not be able to come here. */
const programs = ['start-command.bash', 'supervise-command.bash', 'prove-by-user.bash'] as const;

/** Puts them where the wall shows them, read only. */
export async function copyPrograms(folder: string): Promise<void> {
  for (const name of programs) await copyFile(join(import.meta.dirname, name), join(folder, name));
  // For a command that need not wait at its gate.
  await writeFile(join(folder, 'gate'), 'go\n', { mode: 0o644 });
}
