import { invalidArgument, notServedLocally } from './refusals.ts';
import type { EnvVar } from './wire-messages.ts';

const mostEnv = 1000;
const longestEnvName = 32_768;
const longestEnvBytes = 32_768;

/** What the container runtime contract defines: Cloud Run refuses to have it set. */
const reservedNames: ReadonlySet<string> = new Set([
  'CLOUD_RUN_JOB',
  'CLOUD_RUN_EXECUTION',
  'CLOUD_RUN_TASK_INDEX',
  'CLOUD_RUN_TASK_ATTEMPT',
  'CLOUD_RUN_TASK_COUNT',
  'PORT',
  'K_SERVICE',
  'K_REVISION',
  'K_CONFIGURATION',
]);

/** Throws INVALID_ARGUMENT naming the variable that a container may not have. */
export function checkEnv(field: string, env: readonly EnvVar[]): void {
  checkEnvCount(field, env.length);
  const seen = new Map<string, number>();
  for (const [index, variable] of env.entries()) {
    checkVariable(`${field}[${index}]`, variable);
    const earlier = seen.get(variable.name);
    if (earlier !== undefined) {
      throw invalidArgument(`${field}[${index}].name`, `'${variable.name}' is set already by env[${earlier}]`);
    }
    seen.set(variable.name, index);
  }
}

export function checkEnvCount(field: string, count: number): void {
  if (count > mostEnv) throw invalidArgument(field, `at most ${mostEnv} are allowed, not ${count}`);
}

function checkVariable(field: string, { name, value, valueSource }: EnvVar): void {
  if (name === '') throw invalidArgument(`${field}.name`, 'must be set');
  if (name.length > longestEnvName || /[=\0]/.test(name)) {
    throw invalidArgument(`${field}.name`, `must have at most ${longestEnvName} characters, no '=' and no NUL`);
  }
  if (reservedNames.has(name)) throw invalidArgument(`${field}.name`, `'${name}' is reserved: the system sets it`);
  if (valueSource != null) throw notServedLocally(`the secret of ${name}`, 'give the variable a literal value');
  if (Buffer.byteLength(value ?? '') > longestEnvBytes || value?.includes('\0')) {
    throw invalidArgument(`${field}.value`, `must have at most ${longestEnvBytes} bytes and no NUL`);
  }
}
