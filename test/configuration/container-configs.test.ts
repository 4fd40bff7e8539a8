import { describe, expect, it } from '@jest/globals';
import { readContainersConfig } from '../../containers/config.ts';
import { readDispatcherConfig } from '../../dispatcher/config.ts';
import { readCollectorConfig } from '../../result-collector/config.ts';

const key = 'k'.repeat(32);
const docker = {
  ...{ SANDBUS_LAUNCHER: 'docker', DISPATCHER_CONTAINER_IMAGE: 'r.example/x@sha256:ab' },
  ...{ DISPATCHER_LEASE_API_URL: 'http://10.0.0.1:8080', SANDBUS_LEASE_KEY: key, SANDBUS_RESULT_KEY: key },
};

describe('where executors are jobs', () => {
  it('nothing of containers is asked for', () => {
    expect(readContainersConfig({ SANDBUS_CONTAINER_PROGRAM: 'podman' })).toBeNull();
    const jobs = { ...docker, SANDBUS_LAUNCHER: 'cloud-run', SANDBUS_JOB: 'projects/p/locations/r/jobs/j' };
    expect(readDispatcherConfig({ ...jobs, DISPATCHER_CONTAINER_IMAGE: '' }).containers).toBeNull();
  });
});

describe('where executors are containers', () => {
  it('no job is asked for, by neither service', () => {
    expect([readDispatcherConfig(docker).launch.job, readCollectorConfig(docker).jobNames]).toEqual(['', []]);
  });

  it('the engine is docker, unless it is said', () => {
    expect(readContainersConfig(docker)).toEqual({ program: 'docker', options: [], group: 'sandbus' });
    const said = {
      SANDBUS_CONTAINER_PROGRAM: '/opt/podman',
      SANDBUS_CONTAINER_OPTIONS: ' --root  /x ',
      SANDBUS_CONTAINER_GROUP: 'g',
    };
    expect(readContainersConfig({ ...docker, ...said })).toEqual({
      ...{ program: '/opt/podman', options: ['--root', '/x'], group: 'g' },
    });
  });

  it('a container has room for what a request may have, and the executor besides', () => {
    expect(
      readDispatcherConfig({ ...docker, DISPATCHER_MAX_MEMORY_MB: '100', DISPATCHER_MAX_WORKSPACE_MB: '50' }).containers
        ?.settings,
    ).toEqual({
      ...{
        image: 'r.example/x@sha256:ab',
        pull: 'missing',
        engine: 'docker',
        wall: 'bubblewrap',
        network: 'bridge',
        more: [],
      },
      ...{ memoryMb: 662, cpus: '1', pids: 1088, openFiles: 65_536, scratchMb: 306 },
    });
  });

  it.each(['podman', '/usr/bin/podman', 'podman-remote'])('an engine called %s is Podman', (program) => {
    const { containers } = readDispatcherConfig({ ...docker, SANDBUS_CONTAINER_PROGRAM: program });
    expect(containers?.settings.engine).toBe('podman');
  });

  it('executors are told how to find Google and what is theirs, and no secret of the service', () => {
    const env = {
      GOOGLE_CLOUD_PROJECT: 'p',
      EXECUTOR_GRACE_MS: '1',
      PUBSUB_EMULATOR_HOST: 'h:1',
      EXECUTOR_WALL: '',
      PATH: '/bin',
    };
    expect(readDispatcherConfig({ ...docker, ...env }).containers?.executorEnv).toEqual({
      ...{ GOOGLE_CLOUD_PROJECT: 'p', EXECUTOR_GRACE_MS: '1', PUBSUB_EMULATOR_HOST: 'h:1' },
    });
  });

  it.each([
    [{ DISPATCHER_CONTAINER_IMAGE: '' }, 'DISPATCHER_CONTAINER_IMAGE is missing'],
    [
      { DISPATCHER_CONTAINER_IMAGE: '--privileged' },
      'DISPATCHER_CONTAINER_IMAGE must be the name or the id of an image',
    ],
    [{ DISPATCHER_CONTAINER_MEMORY_MB: '4351' }, 'DISPATCHER_CONTAINER_MEMORY_MB must be at least 256 more than'],
    [{ DISPATCHER_CONTAINER_MEMORY_MB: '4352' }, null],
    [{ DISPATCHER_CONTAINER_PIDS: '1087' }, 'DISPATCHER_CONTAINER_PIDS must be at least 64 more than'],
    [{ DISPATCHER_CONTAINER_OPEN_FILES: '65535' }, 'DISPATCHER_CONTAINER_OPEN_FILES must be at least'],
    [{ DISPATCHER_CONTAINER_CPUS: '0.0' }, 'DISPATCHER_CONTAINER_CPUS must be a number of processors'],
    [{ DISPATCHER_CONTAINER_CPUS: '0.5' }, null],
    [{ DISPATCHER_CONTAINER_NETWORK: 'a b' }, 'DISPATCHER_CONTAINER_NETWORK must be a network of the engine'],
    [{ DISPATCHER_CONTAINER_WALL: 'none' }, 'DISPATCHER_CONTAINER_WALL must be one of bubblewrap, container'],
    [{ SANDBUS_LAUNCHER: 'paper' }, 'SANDBUS_LAUNCHER must be one of cloud-run, docker'],
  ])('with %j: %s', (env, problem) => {
    const problemOf = () => {
      try {
        readDispatcherConfig({ ...docker, ...env });
        return null;
      } catch (error) {
        return String(error);
      }
    };
    expect(problemOf()).toEqual(problem === null ? null : expect.stringContaining(problem));
  });

  it('a group that no label can have is refused', () => {
    expect(() => readContainersConfig({ ...docker, SANDBUS_CONTAINER_GROUP: 'a=b' })).toThrow(
      'SANDBUS_CONTAINER_GROUP must be',
    );
  });
});
