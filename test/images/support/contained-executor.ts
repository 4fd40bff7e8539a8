import { type ContainerSettings, containerOptions } from '../../../dispatcher/launchers/container-options.ts';
import { tagOf } from '../../../infra/images/build-images.ts';
import type { ImageWorld } from './image-world.ts';

export const settingsFor = (wall: ContainerSettings['wall']): ContainerSettings => ({
  ...{ image: tagOf('executor'), pull: 'never', engine: 'podman', wall, network: 'host', more: [] },
  ...{ memoryMb: 2048, cpus: '2', pids: 1088, openFiles: 4096, scratchMb: 1024 },
});

interface ContainedSettings extends ContainerSettings {
  /** Without what opens the engine's doors for bubblewrap. */
  readonly covered?: boolean;
}

/** The command line that runs an executor in a container, in the foreground, with the options of the launcher. */
export const containedExecutor =
  ({ engine }: Pick<ImageWorld, 'engine'>, settings: ContainedSettings) =>
  (variables: readonly string[]): readonly string[] => [
    ...[engine.program, ...engine.options, 'run', '--rm'],
    ...variables.flatMap((variable) => ['--env', variable]),
    ...['--env', `EXECUTOR_WALL=${settings.wall}`],
    ...containerOptions(settings.covered === true ? { ...settings, wall: 'container' } : settings),
    settings.image,
  ];
