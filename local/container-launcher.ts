import type { Env } from '../configuration/env-reader.ts';

export const containerPrograms = ['docker', 'podman'] as const;

const ownVariable = /^(?:SANDBUS_CONTAINER_|DISPATCHER_CONTAINER_)/;

/**
 * The variables of a stack on this machine whose executors are containers of the image that `npm run images` builds. What
 * `env` says of containers wins.
 */
export const containerLauncher = (program: (typeof containerPrograms)[number], env: Env): Env => ({
  SANDBUS_LAUNCHER: 'docker',
  SANDBUS_CONTAINER_PROGRAM: program,
  SANDBUS_CONTAINER_GROUP: 'sandbus-local',
  DISPATCHER_CONTAINER_IMAGE: 'localhost/sandbus-executor',
  DISPATCHER_CONTAINER_PULL: 'never',
  // The stack listens on loopback and nowhere else. Behind their wall commands do not reach it.
  DISPATCHER_CONTAINER_NETWORK: 'host',
  // What an engine may give where it has not all rights of root, as in a container itself.
  DISPATCHER_MAX_OPEN_FILES: '4096',
  ...Object.fromEntries(Object.entries(env).filter(([name]) => ownVariable.test(name))),
});
