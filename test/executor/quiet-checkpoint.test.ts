import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';
import { processesOf } from './support/host-processes.ts';

const world = useExecutors();

describe('a checkpoint', () => {
  it('is made when every process of its command is dead, so nobody writes meanwhile', async () => {
    const alive: number[][] = [];
    const writer = 'trap "" TERM; while :; do echo x >> log; sleep 0.0971; done';
    const { event } = await world.run({
      request: {
        command: `setsid bash -c '${writer}' & sleep 97.31 & disown -a; until [ -s log ]; do sleep 0.01; done; echo on`,
      },
      direct: (api) => {
        api.answer = ({ verb }) => {
          if (verb === 'urls') alive.push(processesOf('sleep', '97.31'), processesOf('bash', '-c', writer));
          return null;
        };
      },
    });
    expect(event).toMatchObject({ stdout: 'on\n', newState: { filesChanged: { added: 1 } } });
    expect(alive.length).toBeGreaterThan(0);
    expect(alive.flat()).toEqual([]);
  });
});
