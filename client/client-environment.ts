import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PipelineError } from '../execution/pipeline-error.ts';
import { parseLocalEnv } from './parse-local-env.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Place {
  readonly projectId?: string;
  readonly bucket?: string;
}

/** Any of these set means that the caller has chosen where to go, so a local stack is not looked for. */
const choosingVariables = [
  'GOOGLE_CLOUD_PROJECT',
  'PUBSUB_EMULATOR_HOST',
  'FIRESTORE_EMULATOR_HOST',
  'STORAGE_EMULATOR_HOST',
];

/**
 * The variables that the SDK works with. `place` is the caller's own word and comes first, then `env`; the variables of
 * a local stack count only where neither names a project or an endpoint, so no call ever goes half here and half there.
 */
export function resolveEnvironment(env: Env, place: Place, readLocal: () => Env | null): Env {
  const explicit: Env = {
    ...env,
    ...(place.projectId !== undefined && { GOOGLE_CLOUD_PROJECT: place.projectId }),
    ...(place.bucket !== undefined && { SANDBUS_BUCKET: place.bucket }),
  };
  const hasChosen = choosingVariables.some((name) => (explicit[name] ?? '') !== '');
  return hasChosen ? explicit : { ...readLocal(), ...withoutEmpty(explicit) };
}

const withoutEmpty = (env: Env): Env => Object.fromEntries(Object.entries(env).filter(([, value]) => value));

/** Where a running local stack leaves its variables, below the folder in which it was started. */
const localEnvFile = join('.sandbus', 'local.env');

/** The variables of the local stack that was started in `folder` or the nearest folder above it; null without one. */
export function readLocalEnv(folder: string): Env | null {
  const file = join(folder, localEnvFile);
  const text = readIfPresent(file);
  if (text === null) return dirname(folder) === folder ? null : readLocalEnv(dirname(folder));
  const parsed = parseLocalEnv(text);
  if (!parsed.ok) throw new PipelineError('config/invalid', `${file}: ${parsed.problems.join('; ')}`);
  return parsed.variables;
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new PipelineError('config/invalid', `${file} cannot be read: ${code}`, { cause: error });
  }
}
