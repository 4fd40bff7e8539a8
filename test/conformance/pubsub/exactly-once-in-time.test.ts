import { AckError, AckResponses, type Message } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const exactlyOnce = { enableExactlyOnceDelivery: true, ackDeadlineSeconds: 10 };

describe('with exactly-once delivery', () => {
  it('an acknowledgement after the deadline fails and says which id', async () => {
    const line = await fixture.createLine(exactlyOnce);
    await line.publish('late');
    const [message] = await line.pull();
    fixture.clock.advance(10_000);
    await expect(line.ack(message!)).rejects.toMatchObject({
      code: 3,
      reason: 'EXACTLY_ONCE_ACKID_FAILURE',
      domain: 'pubsub.googleapis.com',
      errorInfoMetadata: { [message!.ackId!]: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
    });
  });

  it('a late acknowledgement has no effect', async () => {
    const line = await fixture.createLine(exactlyOnce);
    await line.publish('late');
    const [message] = await line.pull();
    fixture.clock.advance(10_000);
    await line.ack(message!).catch(() => undefined);
    expect(textsOf(await line.pull())).toEqual(['late']);
  });

  it('an acknowledgement in the last millisecond of the deadline counts', async () => {
    const line = await fixture.createLine(exactlyOnce);
    await line.publish('in time');
    const messages = await line.pull();
    fixture.clock.advance(9_999);
    await line.ack(...messages);
    fixture.clock.advance(20_000);
    expect(await line.pull()).toEqual([]);
  });

  it('a late change of the deadline fails as well', async () => {
    const line = await fixture.createLine(exactlyOnce);
    await line.publish('late');
    const messages = await line.pull();
    fixture.clock.advance(10_000);
    await expect(line.nack(...messages)).rejects.toMatchObject({ reason: 'EXACTLY_ONCE_ACKID_FAILURE' });
  });

  it('the ids of a request that are valid take effect although others are not', async () => {
    const line = await fixture.createLine(exactlyOnce);
    await line.publish('late');
    const late = await line.pull();
    fixture.clock.advance(10_000);
    await line.publish('in time');
    const both = await line.pull();
    const inTime = both.filter((message) => textsOf([message])[0] === 'in time');
    await expect(line.ack(...late, ...inTime)).rejects.toMatchObject({
      errorInfoMetadata: { [late[0]!.ackId!]: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
    });
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['late']);
  });

  it('the client is told that its acknowledgement is invalid', async () => {
    // The back-off keeps the message from coming a second time.
    const retryPolicy = { minimumBackoff: { seconds: 600 } };
    const line = await fixture.createLine({ ...exactlyOnce, retryPolicy });
    const subscription = fixture.pubsub.subscription(line.subscription);
    const failure = new Promise<unknown>((resolve) => {
      subscription.on('message', (message: Message) => {
        fixture.clock.advance(600_000);
        message.ackWithResponse().catch(resolve);
      });
    });
    await line.publish('too late');
    const error = await failure;
    await subscription.close();
    expect(error).toBeInstanceOf(AckError);
    expect(error).toMatchObject({ errorCode: AckResponses.Invalid });
  });
});
