import { PipelineError } from '../execution/pipeline-error.ts';
import type { Terminal } from './terminal.ts';

/** Where a secret is read from: never from an argument, which every process of the machine can see. */
export interface SecretSource {
  readonly name: string;
  /** A file, "-" for standard input; null is the variable of that name. */
  readonly file: string | null;
}

/** Rejects with config/invalid that names what is missing, and no value. */
export async function readSecrets(
  sources: readonly SecretSource[],
  terminal: Pick<Terminal, 'variable' | 'readFile' | 'readStdin'>,
): Promise<Readonly<Record<string, string>>> {
  const secrets: Record<string, string> = {};
  for (const { name, file } of sources) {
    if (file === null) {
      const value = terminal.variable(name);
      if (value === undefined) throw new PipelineError('config/invalid', `--secret ${name}: there is no such variable`);
      secrets[name] = value;
    } else {
      const bytes = file === '-' ? await terminal.readStdin() : await terminal.readFile(file);
      // Editors and `echo` end a file with a line break that is no part of the secret.
      secrets[name] = Buffer.from(bytes)
        .toString()
        .replace(/\r?\n$/, '');
    }
  }
  return secrets;
}
