import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, type Line, type OutgoingMessage, textsOf } from './pubsub-fixture.ts';

const data = Buffer.from('x');
const attributesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'v']));

/** Both sides of a documented limit: `accepted` is the last that passes, `refused` the first that does not. */
interface Limit {
  readonly limit: string;
  readonly field: string;
  readonly accepted: readonly OutgoingMessage[];
  readonly refused: readonly OutgoingMessage[];
}

const counts: readonly Limit[] = [
  {
    limit: 'messages in a request',
    field: 'messages',
    accepted: Array.from({ length: 1000 }, () => ({ data })),
    refused: Array.from({ length: 1001 }, () => ({ data })),
  },
  {
    limit: 'least content of a message',
    field: 'messages[1]',
    accepted: [{ data }, { attributes: { k: '' } }],
    refused: [{ data }, { orderingKey: 'k' }],
  },
  { limit: 'least number of messages', field: 'messages', accepted: [{ data }], refused: [] },
];

const sizes: readonly Limit[] = [
  {
    limit: 'bytes in a request',
    field: 'messages',
    accepted: [{ data: Buffer.alloc(5_000_000) }, { data: Buffer.alloc(5_000_000) }],
    refused: [{ data: Buffer.alloc(5_000_000) }, { data: Buffer.alloc(5_000_001) }],
  },
  {
    limit: 'attributes of a message',
    field: 'attributes',
    accepted: [{ attributes: attributesOf(100) }],
    refused: [{ attributes: attributesOf(101) }],
  },
  {
    limit: 'bytes of an attribute key',
    field: 'attributes key',
    accepted: [{ attributes: { ['k'.repeat(256)]: 'v' } }],
    refused: [{ attributes: { ['k'.repeat(257)]: 'v' } }],
  },
  {
    limit: 'bytes, not characters, of an attribute value',
    field: 'attributes["k"]',
    accepted: [{ attributes: { k: 'é'.repeat(512) } }],
    refused: [{ attributes: { k: `${'é'.repeat(512)}a` } }],
  },
  {
    limit: 'bytes of an ordering key',
    field: 'ordering_key',
    accepted: [{ data, orderingKey: 'k'.repeat(1024) }],
    refused: [{ data, orderingKey: 'k'.repeat(1025) }],
  },
  {
    limit: "prefix that is Google's own",
    field: 'attributes',
    accepted: [{ attributes: { googclient_traceparent: 'v' } }],
    refused: [{ attributes: { google: 'v' } }],
  },
  {
    limit: 'attribute keys',
    field: 'attributes',
    accepted: [{ attributes: { a: 'v' } }],
    refused: [{ attributes: { '': 'v' } }],
  },
];

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
    let fixture: ConnectedPubsub;
    let line: Line;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
      line = await fixture.createLine();
    });
    afterAll(() => fixture.close());

    async function isRefused({ refused, field }: Limit): Promise<void> {
      const message = expect.stringMatching(new RegExp(field.replace(/[[\]]/g, '.'), 'i'));
      await expect(line.publish(...refused)).rejects.toMatchObject({ code: 3, message });
    }

    describe('a publish request', () => {
      it.each([...counts, ...sizes])('is accepted at the limit: $limit', async ({ accepted }) => {
        expect(await line.publish(...accepted)).toHaveLength(accepted.length);
      });

      it.each(counts)('is refused beyond the limit: $limit', async ({ refused }) => {
        await expect(line.publish(...refused)).rejects.toMatchObject({ code: 3 });
      });

      unlikeEmulator('the emulator takes any size').each(sizes)(
        'is refused beyond the limit, with the field named: $limit',
        isRefused,
      );

      it('that is refused publishes none of its messages', async () => {
        const own = await fixture.createLine();
        await expect(own.publish('good', { orderingKey: 'nothing else' })).rejects.toMatchObject({ code: 3 });
        await own.publish('after');
        expect(textsOf(await own.receive(1))).toEqual(['after']);
      });
    });
  },
);
