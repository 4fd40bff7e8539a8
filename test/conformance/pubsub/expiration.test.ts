import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { opening, openStream } from './open-stream.ts';
import { createLine, type Line } from './pubsub-fixture.ts';
import { startPushReceiver } from './push-receiver.ts';
import { createServerLives, type Life, type ServerLives } from './server-lives.ts';

const day = 86_400_000;
const seconds = (value: number) => ({ seconds: value, nanos: 0 });
const ofOneDay = { expirationPolicy: { ttl: seconds(86_400) } };

let lives: ServerLives;
beforeEach(async () => {
  lives = await createServerLives();
});
afterEach(() => lives.close());

const isThere = ({ subscriber }: Life, { subscription }: Line) =>
  subscriber.getSubscription({ subscription }).then(
    () => true,
    ({ code }: { code: number }) => (code === 5 ? false : Promise.reject(new Error(`code ${code}`))),
  );

describe('a subscription that nobody uses', () => {
  it.each([
    { policy: 'the default policy', settings: {}, waitMs: 31 * day },
    { policy: 'a time to live of a day', settings: ofOneDay, waitMs: day },
    {
      policy: 'a time to live of 100 days',
      settings: { expirationPolicy: { ttl: seconds(8_640_000) } },
      waitMs: 100 * day,
    },
  ])('is deleted when its time to live is over, and not before: $policy', async ({ settings, waitMs }) => {
    const life = await lives.next();
    const line = await createLine(life, 'line', settings);
    lives.clock.advance(waitMs - 1);
    expect(await isThere(life, line)).toBe(true);
    lives.clock.advance(1);
    expect(await isThere(life, line)).toBe(false);
  });

  it('lives for ever with a policy that has no time to live', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', { expirationPolicy: {} });
    lives.clock.advance(4_000 * day);
    expect(await isThere(life, line)).toBe(true);
  });

  it('is not kept by messages that are published to its topic', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', ofOneDay);
    lives.clock.advance(day - 1);
    await line.publish('m');
    lives.clock.advance(1);
    expect(await isThere(life, line)).toBe(false);
  });

  it('is not kept by pushes that its endpoint refuses', async () => {
    const receiver = await startPushReceiver([500]);
    const life = await lives.next();
    const line = await createLine(life, 'line', { ...ofOneDay, pushConfig: { pushEndpoint: receiver.url } });
    lives.clock.advance(day - 1);
    await line.publish('m');
    await receiver.received(1);
    lives.clock.advance(1);
    await receiver.close();
    expect(await isThere(life, line)).toBe(false);
  });

  it('is deleted after a restart too, at the same time to the minute', async () => {
    const line = await createLine(await lives.next(), 'line', ofOneDay);
    lives.clock.advance(day - 1);
    const life = await lives.next();
    expect(await isThere(life, line)).toBe(true);
    lives.clock.advance(60_001);
    expect(await isThere(life, line)).toBe(false);
    expect(await isThere(await lives.next(), line)).toBe(false);
  });

  it('is deleted when its time to live ends while no server runs', async () => {
    const line = await createLine(await lives.next(), 'line', ofOneDay);
    await lives.end();
    lives.clock.advance(2 * day);
    expect(await isThere(await lives.next(), line)).toBe(false);
  });
});

describe('the time to live of a subscription begins again', () => {
  it.each<[string, (line: Line, life: Life) => Promise<unknown>]>([
    ['a pull', (line) => line.pull()],
    ['an update', (line, { subscriber }) => update(subscriber, line)],
    ['a seek', (line, { subscriber }) => subscriber.seek({ subscription: line.subscription, time: seconds(1) })],
    [
      'a snapshot',
      (line, { subscriber }) =>
        subscriber.createSnapshot({ name: 'projects/local-project/snapshots/snap', subscription: line.subscription }),
    ],
  ])('with %s, over a restart as well', async (_what, use) => {
    const first = await lives.next();
    const line = await createLine(first, 'line', ofOneDay);
    lives.clock.advance(day - 1);
    await use(line, first);
    const life = await lives.next();
    lives.clock.advance(day - 1);
    expect(await isThere(life, line)).toBe(true);
    lives.clock.advance(60_001);
    expect(await isThere(life, line)).toBe(false);
  });

  it('with an acknowledgement', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', { ...ofOneDay, ackDeadlineSeconds: 600 });
    await line.publish('m');
    lives.clock.advance(day - 300_000);
    const messages = await line.pull();
    lives.clock.advance(300_000);
    await line.ack(...messages);
    lives.clock.advance(day - 1);
    expect(await isThere(life, line)).toBe(true);
    lives.clock.advance(1);
    expect(await isThere(life, line)).toBe(false);
  });

  it('with a push that its endpoint takes', async () => {
    const receiver = await startPushReceiver();
    const life = await lives.next();
    const line = await createLine(life, 'line', { ...ofOneDay, pushConfig: { pushEndpoint: receiver.url } });
    lives.clock.advance(day - 1);
    await line.publish('m');
    await receiver.received(1);
    for (let call = 0; call < 3; call++) await isThere(life, line);
    lives.clock.advance(day - 1);
    await receiver.close();
    expect(await isThere(life, line)).toBe(true);
  });

  it('when the last stream ends', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', ofOneDay);
    const stream = await openStream(life, opening(line));
    await stream.answered(1);
    lives.clock.advance(10 * day);
    expect(await isThere(life, line)).toBe(true);
    stream.call.end();
    await stream.ended;
    lives.clock.advance(day - 1);
    expect(await isThere(life, line)).toBe(true);
    lives.clock.advance(1);
    expect(await isThere(life, line)).toBe(false);
  });

  function update(subscriber: Life['subscriber'], { subscription }: Line): Promise<unknown> {
    const request = { subscription: { name: subscription, labels: { a: 'b' } }, updateMask: { paths: ['labels'] } };
    return subscriber.updateSubscription(request);
  }
});
