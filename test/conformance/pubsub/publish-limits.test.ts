import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, type OutgoingMessage, type PubsubFixture, startPubsubFixture } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
let line: Line;
beforeAll(async () => {
  fixture = await startPubsubFixture();
  line = await fixture.createLine();
});
afterAll(() => fixture.close());

const data = Buffer.from('x');
const attributesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'v']));

/** Both sides of each documented limit: `accepted` is the last that passes, `refused` the first that does not. */
const limits: readonly { limit: string; field: string; accepted: OutgoingMessage[]; refused: OutgoingMessage[] }[] = [
  {
    limit: 'messages in a request',
    field: 'messages',
    accepted: Array.from({ length: 1000 }, () => ({ data })),
    refused: Array.from({ length: 1001 }, () => ({ data })),
  },
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
    limit: 'least content of a message',
    field: 'messages[1]',
    accepted: [{ data }, { attributes: { k: '' } }],
    refused: [{ data }, { orderingKey: 'k' }],
  },
  { limit: 'least number of messages', field: 'messages', accepted: [{ data }], refused: [] },
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

describe('a publish request', () => {
  it.each(limits)('is accepted at the limit: $limit', async ({ accepted }) => {
    expect(await line.publish(...accepted)).toHaveLength(accepted.length);
  });

  it.each(limits)('is refused beyond the limit, with the field named: $limit', async ({ refused, field }) => {
    await expect(line.publish(...refused)).rejects.toMatchObject({ code: 3, message: expect.stringContaining(field) });
  });

  it('that is refused publishes none of its messages', async () => {
    const own = await fixture.createLine();
    await expect(own.publish('good', { orderingKey: 'nothing else' })).rejects.toMatchObject({ code: 3 });
    expect(await own.pull()).toEqual([]);
  });
});
