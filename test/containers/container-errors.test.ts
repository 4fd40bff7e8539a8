import { describe, expect, it } from '@jest/globals';
import { containerError } from '../../containers/container-errors.ts';

describe('what an engine says when it fails', () => {
  it.each([
    ['Error: creating container storage: the container name "x" is already in use by 12ab', 'container/name-taken'],
    [
      'docker: Error response from daemon: Conflict. The container name "/x" is already in use by container',
      'container/name-taken',
    ],
    ['Error: no such container x', 'container/unknown'],
    ['Error: No such object: x', 'container/unknown'],
    ['Error: localhost/x: image not known', 'container/image-missing'],
    ["Unable to find image 'x:latest' locally", 'container/image-missing'],
    ['pull access denied for x, repository does not exist', 'container/image-missing'],
    ['write /var/lib/x: no space left on device', 'container/no-room'],
    ['fork/exec /usr/bin/conmon: resource temporarily unavailable', 'container/no-room'],
    ['permission denied while trying to connect to the Docker daemon socket', 'container/denied'],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'container/unreachable',
    ],
    ['pinging container registry r.example: dial tcp: i/o timeout', 'container/unreachable'],
    ['unknown flag: --paper', 'container/failed'],
    ['', 'container/failed'],
  ])('means what it says: %s', (said, code) => {
    expect(containerError(said, said).code).toBe(code);
  });

  it('is cut off where it is long', () => {
    expect(containerError('x', 'y'.repeat(10_000)).message.length).toBeLessThan(2100);
  });
});
