import { rmSync, writeFileSync } from 'node:fs';

/** Variables as a shell reads them: `export NAME='value'`, one a line. */
export const renderLocalEnv = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');

/** Writes the variables that lead clients to the stack of this process; only its user may read them. */
export const writeLocalEnv = (file: string, env: Readonly<Record<string, string>>): void =>
  writeFileSync(file, renderLocalEnv(env), { mode: 0o600 });

export const removeLocalEnv = (file: string): void => rmSync(file, { force: true });
