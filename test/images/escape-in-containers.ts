import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostileCommand } from '../escape/hostile-command.ts';
import { type HostileHost, layOutHost, whatWallsShow } from '../escape/hostile-host.ts';
import { hostileCommands } from '../escape/list-commands.ts';
import { type HostileRun, runHostile } from '../escape/run-hostile.ts';
import { useExecutors } from '../executor/support/executor-world.ts';
import { containedExecutor, settingsFor } from './support/contained-executor.ts';
import { behindContainer } from './support/escape-selection.ts';
import type { ImageWorld } from './support/image-world.ts';

const allMinutes = 30 * 60_000;
const runnable = hostileCommands.filter(({ architecture = process.arch }) => architecture === process.arch);
const walls = ['container', 'bubblewrap'] as const;
const asBehindContainer = (one: HostileCommand): HostileCommand => {
  const difference = behindContainer[one.tries];
  return difference === undefined ? one : { ...one, seen: difference.seen };
};
const perWall = {
  container: runnable.map(asBehindContainer),
  bubblewrap: runnable,
} as const;

/** The suite of hostile commands against an executor in a container. */
export function describeEscape(image: ImageWorld): void {
  describe('the suite of hostile commands in containers', () => {
    it('is tried behind both walls, and says only of what is in it that it ends otherwise behind the container', () => {
      const unknown = Object.keys(behindContainer).filter((one) => !hostileCommands.some(({ tries }) => tries === one));
      expect([unknown, runnable.length >= 60]).toEqual([[], true]);
    });
  });

  describe.each(walls)('a command in a container, behind the wall %s', (wall) => {
    const world = useExecutors();
    let host: HostileHost;
    let before: string;
    let run: HostileRun;

    beforeAll(async () => {
      host = await layOutHost(null);
      before = host.fingerprint();
      run = await runHostile(world, perWall[wall], {
        ...{
          host: { ...host, words: { ...host.words, ...whatWallsShow[wall], NEIGHBOUR: '/scratch' } },
          uid: null,
          observe: () => {},
          wall,
        },
        instead: containedExecutor(image, settingsFor(wall)),
        env: { EXECUTOR_COMMAND_UID: '2345678' },
        // Behind bubblewrap numbers begin anew, and this one would be a process of the command's own.
        ...(wall === 'container' && { findExecutor: () => pidInContainer(host.secrets[0] ?? '') }),
      });
    }, allMinutes);
    afterAll(() => host.close());

    it.each(perWall[wall])('is kept inside and told truly when it $tries', (command) => {
      expect(run.differences.get(command)).toEqual([]);
    });

    it('never made its executor die, or say anything of what it wrote', () => {
      expect(run.code).toBe(0);
      expect(['owned', '\u001b', ...host.secrets].filter((text) => run.log.includes(text))).toEqual([]);
    });

    it('never put bytes of a file of the host into a checkpoint, reached a server of the machine, or changed anything of it', () => {
      expect([run.storedSecret, host.connections(), host.fingerprint()]).toEqual([false, 0, before]);
    });
  });
}

/** The executor with this in its environment, by its number in the container. */
function pidInContainer(mark: string): number {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      return ''; // it has ended
    }
  };
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => read(pid, 'cmdline').startsWith('/usr/local/bin/node\0') && read(pid, 'environ').includes(mark));
  return Number(/^NSpid:.*\t(\d+)$/m.exec(read(found ?? '', 'status'))?.[1] ?? 1);
}
