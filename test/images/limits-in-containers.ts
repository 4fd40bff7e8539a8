import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { containerOptions } from '../../dispatcher/launchers/container-options.ts';
import { projectRoot, startProgram } from '../support/run-program.ts';
import { settingsFor } from './support/contained-executor.ts';
import type { ImageWorld } from './support/image-world.ts';

const suite = [
  'node_modules/jest/bin/jest.js',
  '--runInBand',
  '--cacheDirectory',
  '/scratch/jest',
  'test/executor/limits',
];

/** The suite of limits on the Node of the image and with its programs, under all that the launcher gives a container. */
export function describeLimits({ engine }: ImageWorld): void {
  const settings = settingsFor('bubblewrap');
  const checkout = ['--volume', `${projectRoot}:${projectRoot}:ro`, '--workdir', projectRoot];
  const environment = { HOME: '/scratch', NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };

  describe('the suite of limits in a container', () => {
    it('holds, as root and as an unprivileged user', async () => {
      const command = [
        ...[engine.program, ...engine.options, 'run', '--rm', ...containerOptions(settings), ...checkout],
        ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        ...['--entrypoint', JSON.stringify(['/usr/bin/tini', '--', '/usr/local/bin/node']), settings.image, ...suite],
      ];
      const { code, stderr } = await startProgram(command, { cwd: tmpdir() }).ended;
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^Tests: +\d{2,} passed, \d+ total$/m)]);
    }, 900_000);
  });
}
