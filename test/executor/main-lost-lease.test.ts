import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';
import { refusal } from './support/lease-api.ts';

const world = useExecutors();

const published = (executionId: string) =>
  world.publications().results.filter(({ attributes }) => attributes.executionId === executionId);

describe('an executor that loses its lease', () => {
  it('while it collects files stores no more of them, publishes nothing and fails', async () => {
    let isCollecting = false;
    const { executor, executionId } = await world.start({
      request: { command: 'echo x > x', outputs: ['x'] },
      heartbeatMs: 100,
      direct: (api) => {
        api.answer = ({ verb, body }) => {
          if (verb === 'heartbeat') return isCollecting ? refusal(410, 'lease/expired') : null;
          const [object] = verb === 'urls' ? (body.writes as readonly string[]) : [];
          if (object?.includes('/outputs/') !== true) return null;
          isCollecting = true;
          // Nobody is there, which is tried for longer than this test may take.
          return {
            status: 200,
            body: { reads: {}, writes: { [object]: { url: 'http://127.0.0.1:9/', headers: {} } } },
          };
        };
      },
    });
    expect([(await executor.ended).code, published(executionId)]).toEqual([1, []]);
  });
});
