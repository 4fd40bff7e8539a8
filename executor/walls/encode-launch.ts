import type { RunSpec } from './wall.ts';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The file `launch` of the input folder, as agent.bash reads it. Throws for what it could not hold or bash not export. */
export function encodeLaunch({ argv, env }: Pick<RunSpec, 'argv' | 'env'>): Buffer {
  const variables = Object.entries(env).map(([name, value]) => {
    if (!variableName.test(name))
      throw new Error(`no shell can export a variable of this name: ${JSON.stringify(name)}`);
    return `${name}=${value}`;
  });
  const parts = [`${variables.length}`, ...variables, ...argv];
  if (parts.some((part) => part.includes('\0')))
    throw new Error('no program can be given a NUL in an argument or variable');
  return Buffer.from(`${parts.join('\0')}\0`);
}
