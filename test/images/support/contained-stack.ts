import { tagOf } from '../../../infra/images/build-images.ts';
import type { ImageWorld } from './image-world.ts';

/** Variables of a local stack whose executors are containers of this world's image. */
export const containedStackEnv = (world: ImageWorld, wall: 'bubblewrap' | 'container'): Record<string, string> => ({
  SANDBUS_LAUNCHER: 'docker',
  SANDBUS_CONTAINER_PROGRAM: world.engine.program,
  SANDBUS_CONTAINER_OPTIONS: world.engine.options.join(' '),
  SANDBUS_CONTAINER_GROUP: `test-${wall}`,
  DISPATCHER_CONTAINER_IMAGE: tagOf('executor'),
  DISPATCHER_CONTAINER_PULL: 'never',
  // The stack listens on the loopback of this machine; behind either wall a command does not reach it.
  DISPATCHER_CONTAINER_NETWORK: 'host',
  DISPATCHER_CONTAINER_WALL: wall,
  DISPATCHER_CONTAINER_CPUS: '2',
  // What this machine lets an engine without CAP_SYS_RESOURCE give.
  DISPATCHER_MAX_OPEN_FILES: '4096',
  // What a command leaves that fills its disk is stored and restored, and would be a gigabyte both ways.
  DISPATCHER_MAX_WORKSPACE_MB: '256',
  DISPATCHER_CONTAINER_SCRATCH_MB: '1024',
});
