import type { Env, EnvReader } from '../configuration/env-reader.ts';
import { executorEnvironment } from '../configuration/executor-environment.ts';
import type { Limits } from '../execution/limits.ts';
import type { ContainerSettings } from './launchers/container-options.ts';

/** What the dispatcher knows of the containers of executors, where it starts them itself. */
export interface ContainerLaunchConfig {
  readonly settings: ContainerSettings;
  /** What every executor is told besides its lease. */
  readonly executorEnv: Readonly<Record<string, string>>;
  /** How long an ended container is kept: whoever misses its result asks it first. */
  readonly keepMs: number;
}

const minute = 60_000;
/** What the executor takes itself, at most. */
const executorMb = 256;
const executorPids = 64;
/** What it keeps beside a workspace: what a command is given, what its shell leaves. A full workspace must leave that room. */
const besideWorkspaceMb = 256;

const cpusForm = { pattern: /^(?=.*[1-9])\d{1,3}(?:\.\d{1,2})?$/, accepted: 'a number of processors, such as 1.5' };
const imageForm = { pattern: /^[a-z0-9][\w./:@-]*$/i, accepted: 'the name or the id of an image' };
const networkForm = { pattern: /^[a-zA-Z0-9][\w.-]*$/, accepted: 'a network of the engine, such as bridge or host' };

/** The ceilings are those of requests: a container is never smaller than what a request may have. */
export function readContainerLaunch(reader: EnvReader, env: Env, ceilings: Limits): ContainerLaunchConfig {
  const optional = (name: string, fallback: string, form: { readonly pattern: RegExp; readonly accepted: string }) =>
    reader.optionalText(name) === undefined ? fallback : reader.text(name, form);
  const settings: ContainerSettings = {
    image: reader.text('DISPATCHER_CONTAINER_IMAGE', imageForm),
    pull: reader.oneOf('DISPATCHER_CONTAINER_PULL', ['missing', 'never', 'always'], 'missing'),
    memoryMb: reader.integer('DISPATCHER_CONTAINER_MEMORY_MB', {
      ...{
        min: 64,
        max: 1_048_576,
        fallback: ceilings.memoryMb + ceilings.workspaceMb + besideWorkspaceMb + executorMb,
      },
    }),
    cpus: optional('DISPATCHER_CONTAINER_CPUS', '1', cpusForm),
    pids: reader.integer('DISPATCHER_CONTAINER_PIDS', {
      ...{ min: 16, max: 65_536, fallback: ceilings.pids + executorPids },
    }),
    openFiles: reader.integer('DISPATCHER_CONTAINER_OPEN_FILES', {
      ...{ min: 256, max: 1_048_576, fallback: ceilings.openFiles },
    }),
    scratchMb: reader.integer('DISPATCHER_CONTAINER_SCRATCH_MB', {
      ...{ min: 16, max: 1_048_576, fallback: ceilings.workspaceMb + besideWorkspaceMb },
    }),
    network: optional('DISPATCHER_CONTAINER_NETWORK', 'bridge', networkForm),
    wall: reader.oneOf('DISPATCHER_CONTAINER_WALL', ['bubblewrap', 'container'], 'bubblewrap'),
    engine: /(?:^|\/)podman[^/]*$/.test(reader.optionalText('SANDBUS_CONTAINER_PROGRAM') ?? '') ? 'podman' : 'docker',
    more: (reader.optionalText('DISPATCHER_CONTAINER_OPTIONS') ?? '').split(/\s+/).filter((word) => word !== ''),
  };
  reader.require(
    settings.memoryMb >= ceilings.memoryMb + executorMb,
    `DISPATCHER_CONTAINER_MEMORY_MB must be at least ${executorMb} more than DISPATCHER_MAX_MEMORY_MB`,
  );
  reader.require(
    settings.pids >= ceilings.pids + executorPids,
    `DISPATCHER_CONTAINER_PIDS must be at least ${executorPids} more than DISPATCHER_MAX_PIDS`,
  );
  reader.require(
    settings.openFiles >= ceilings.openFiles,
    'DISPATCHER_CONTAINER_OPEN_FILES must be at least DISPATCHER_MAX_OPEN_FILES',
  );
  return {
    settings,
    executorEnv: executorEnvironment(env),
    keepMs: reader.integer('DISPATCHER_CONTAINER_KEEP_MS', { min: 1000, max: 24 * 60 * minute, fallback: 15 * minute }),
  };
}
