import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import {
  createGeneratedClients,
  createLine,
  keyed,
  type Line,
  type PubsubFixture,
  startPubsubFixture,
  textsOf,
} from './pubsub-fixture.ts';
import { type PushReceiver, type ScriptedAnswer, startPushReceiver } from './push-receiver.ts';

let fixture: PubsubFixture;
const receivers: PushReceiver[] = [];
beforeAll(async () => {
  fixture = await startPubsubFixture({ push: { maxInFlight: 2 } });
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});
afterAll(() => fixture.close());

async function startReceiver(...script: ScriptedAnswer[]): Promise<PushReceiver> {
  const receiver = await startPushReceiver(script);
  receivers.push(receiver);
  return receiver;
}

function createPushLine(receiver: PushReceiver, settings: { pushConfig?: object; [setting: string]: unknown } = {}) {
  return fixture.createLine({ ...settings, pushConfig: { pushEndpoint: receiver.url, ...settings.pushConfig } });
}

/** Makes the subscription a pull subscription, so that what is not acknowledged can be seen by pulling. */
async function stopPushing(line: Line): Promise<void> {
  await fixture.subscriber.modifyPushConfig({ subscription: line.subscription, pushConfig: {} });
}

/**
 * Waits until the server has taken the answers to this many pushes. They were in its sockets before these calls were
 * sent, so it reads them first.
 */
async function settled(line: Line, receiver: PushReceiver, pushes: number): Promise<void> {
  await receiver.received(pushes);
  for (let call = 0; call < 3; call++) await fixture.subscriber.getSubscription({ subscription: line.subscription });
}

/** Moves time on in steps until the receiver has got this many pushes; gives the time that it took. */
async function timeUntil(line: Line, receiver: PushReceiver, pushes: number, stepMs: number): Promise<number> {
  let waitedMs = 0;
  await receiver.received(1);
  await settled(line, receiver, receiver.pushes.length);
  while (receiver.pushes.length < pushes) {
    fixture.clock.advance(stepMs);
    waitedMs += stepMs;
    await settled(line, receiver, receiver.pushes.length);
  }
  return waitedMs;
}

describe('a push', () => {
  it('is a POST of the message in an envelope', async () => {
    const receiver = await startReceiver();
    const line = await createPushLine(receiver);
    const publishTime = new Date(fixture.clock.now()).toISOString();
    const [messageId] = await line.publish({ data: Buffer.from('hello'), attributes: { a: '1' }, orderingKey: 'k' });
    await receiver.received(1);
    const { headers, body } = receiver.pushes[0]!;
    expect(headers['content-type']).toBe('application/json');
    expect(headers.authorization).toBeUndefined();
    expect(JSON.parse(body.toString())).toEqual({
      message: {
        data: Buffer.from('hello').toString('base64'),
        attributes: { a: '1' },
        messageId,
        message_id: messageId,
        publishTime,
        publish_time: publishTime,
        orderingKey: 'k',
      },
      subscription: line.subscription,
    });
  });

  it('tells the delivery attempt under a dead-letter policy', async () => {
    const receiver = await startReceiver(500);
    const graveyard = await fixture.createLine();
    const line = await createPushLine(receiver, { deadLetterPolicy: { deadLetterTopic: graveyard.topic } });
    await line.publish('counted');
    await timeUntil(line, receiver, 2, 100);
    const attempts = receiver.pushes.map(({ body }) => JSON.parse(body.toString()).deliveryAttempt);
    expect(attempts).toEqual([1, 2]);
  });

  it('is the bare data where the subscription says so', async () => {
    const receiver = await startReceiver();
    const line = await createPushLine(receiver, { pushConfig: { noWrapper: {} } });
    await line.publish({ data: Buffer.from('bare'), attributes: { a: '1' } });
    await receiver.received(1);
    const { headers, body } = receiver.pushes[0]!;
    expect(body.toString()).toBe('bare');
    expect(headers).not.toHaveProperty('a');
    expect(headers).not.toHaveProperty('x-goog-pubsub-message-id');
  });

  it('has metadata and attributes as headers where the subscription says so', async () => {
    const receiver = await startReceiver();
    const line = await createPushLine(receiver, { pushConfig: { noWrapper: { writeMetadata: true } } });
    const attributes = { colour: 'red', 'not a header': 'x', newline: 'a\nb' };
    const [messageId] = await line.publish({ data: Buffer.from('bare'), attributes, orderingKey: 'k' });
    await receiver.received(1);
    expect(receiver.pushes[0]?.headers).toMatchObject({
      colour: 'red',
      'x-goog-pubsub-message-id': messageId,
      'x-goog-pubsub-subscription-name': line.subscription,
      'x-goog-pubsub-publish-time': new Date(fixture.clock.now()).toISOString(),
      'x-goog-pubsub-ordering-key': 'k',
    });
    expect(receiver.pushes[0]?.headers).not.toHaveProperty('newline');
  });

  it.each([102, 200, 201, 202, 204])('that is answered with %i is acknowledged', async (status) => {
    const receiver = await startReceiver(status);
    const line = await createPushLine(receiver, { enableMessageOrdering: true });
    await line.publish(keyed('k', 'first'), keyed('k', 'second'));
    // The second of a key is pushed only once the first is acknowledged.
    await receiver.received(2);
    expect(receiver.pushes).toHaveLength(2);
  });

  it.each<ScriptedAnswer>([203, 301, 400, 404, 500, 'hang-up'])('that ends with %s comes again', async (answer) => {
    const receiver = await startReceiver(answer);
    const line = await createPushLine(receiver);
    await line.publish('again');
    await timeUntil(line, receiver, 2, 100);
    expect(receiver.pushes[1]?.body).toEqual(receiver.pushes[0]?.body);
  });

  it('that has no answer when the ack deadline ends comes again', async () => {
    const receiver = await startReceiver('never');
    const line = await createPushLine(receiver, { ackDeadlineSeconds: 10 });
    await line.publish('slow');
    await receiver.received(1);
    fixture.clock.advance(9_999);
    await settled(line, receiver, 1);
    expect(receiver.pushes).toHaveLength(1);
    fixture.clock.advance(1);
    await timeUntil(line, receiver, 2, 100);
    expect(receiver.pushes).toHaveLength(2);
  });

  it('that keeps failing waits twice as long each time, from 100 ms', async () => {
    const receiver = await startReceiver(500, 500, 500);
    const line = await createPushLine(receiver);
    await line.publish('waiting');
    await receiver.received(1);
    const waits = [
      await timeUntil(line, receiver, 2, 100),
      await timeUntil(line, receiver, 3, 100),
      await timeUntil(line, receiver, 4, 100),
    ];
    expect(waits).toEqual([100, 200, 400]);
  });

  it('follows the retry policy of the subscription', async () => {
    const receiver = await startReceiver(500);
    const line = await createPushLine(receiver, { retryPolicy: { minimumBackoff: { seconds: 10 } } });
    await line.publish('waiting');
    await receiver.received(1);
    expect(await timeUntil(line, receiver, 2, 1_000)).toBe(10_000);
  });

  it('that fails as often as the policy allows moves to the dead-letter topic', async () => {
    const receiver = await startReceiver(500, 500, 500, 500, 500);
    const graveyard = await fixture.createLine();
    const line = await createPushLine(receiver, {
      deadLetterPolicy: { deadLetterTopic: graveyard.topic, maxDeliveryAttempts: 5 },
    });
    const waiting = fixture.subscriber.pull({ subscription: graveyard.subscription, maxMessages: 1 });
    await line.publish('dead');
    await timeUntil(line, receiver, 5, 100);
    const [response] = await waiting;
    expect(textsOf(response.receivedMessages ?? [])).toEqual(['dead']);
  });
});

describe('a push subscription', () => {
  it('cannot be pulled', async () => {
    const line = await createPushLine(await startReceiver());
    await expect(line.pull()).rejects.toMatchObject({ code: 9 });
  });

  it('cannot have exactly-once delivery', async () => {
    const receiver = await startReceiver();
    await expect(createPushLine(receiver, { enableExactlyOnceDelivery: true })).rejects.toMatchObject({ code: 3 });
  });

  it('becomes a pull subscription with an empty push configuration', async () => {
    const line = await createPushLine(await startReceiver());
    await stopPushing(line);
    await line.publish('pulled');
    expect(textsOf(await line.pull())).toEqual(['pulled']);
  });

  it('pushes the backlog that it had as a pull subscription', async () => {
    const receiver = await startReceiver();
    const line = await fixture.createLine();
    await line.publish('backlog');
    await fixture.pubsub.subscription(line.subscription).modifyPushConfig({ pushEndpoint: receiver.url });
    await receiver.received(1);
    expect(JSON.parse(receiver.pushes[0]!.body.toString()).message.data).toBe(
      Buffer.from('backlog').toString('base64'),
    );
  });

  it('pushes to the new endpoint after an update', async () => {
    const [first, second] = [await startReceiver(), await startReceiver()];
    const line = await createPushLine(first);
    await fixture.subscriber.modifyPushConfig({
      subscription: line.subscription,
      pushConfig: { pushEndpoint: second.url },
    });
    await line.publish('moved');
    await second.received(1);
    expect(first.pushes).toEqual([]);
  });
});

describe('a slow endpoint', () => {
  it('has no more pushes under way than the server allows', async () => {
    const receiver = await startReceiver('never', 'never');
    const line = await createPushLine(receiver);
    await line.publish('a', 'b', 'c');
    await settled(line, receiver, 2);
    expect(receiver.pushes).toHaveLength(2);
    fixture.clock.advance(10_000);
    await receiver.received(3);
    expect(receiver.pushes.length).toBeGreaterThan(2);
  });
});

describe('an identity token', () => {
  it("is accepted by Google's library with the server's keys, for the endpoint as audience", async () => {
    const server = await startPubsubServer();
    const clients = createGeneratedClients(server);
    const receiver = await startReceiver();
    const oidcToken = { serviceAccountEmail: 'pusher@local-project.iam.gserviceaccount.com' };
    const line = await createLine(clients, 'signed', { pushConfig: { pushEndpoint: receiver.url, oidcToken } });
    await line.publish('signed');
    await receiver.received(1);
    const { keys } = (await (await fetch(server.jwksUrl)).json()) as { keys: (JsonWebKey & { kid: string })[] };
    await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
    await server.close();
    const certificates = Object.fromEntries(
      keys.map((key) => [
        key.kid,
        createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
      ]),
    );
    const token = receiver.pushes[0]!.headers.authorization!.replace('Bearer ', '');
    const ticket = await new OAuth2Client().verifySignedJwtWithCertsAsync(token, certificates, receiver.url, [
      'https://accounts.google.com',
    ]);
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: receiver.url,
      email: oidcToken.serviceAccountEmail,
      email_verified: true,
      sub: expect.stringMatching(/^\d+$/),
    });
  });

  it('has the audience of the subscription, lasts an hour, and is replaced before it ends', async () => {
    const receiver = await startReceiver();
    const oidcToken = { serviceAccountEmail: 'pusher@local-project.iam.gserviceaccount.com', audience: 'my-service' };
    const line = await createPushLine(receiver, { pushConfig: { oidcToken } });
    const start = Math.floor(fixture.clock.now() / 1000);
    for (const waitMs of [0, 3_299_000, 2_000]) {
      fixture.clock.advance(waitMs);
      const count = receiver.pushes.length + 1;
      await line.publish('signed');
      await settled(line, receiver, count);
    }
    const claims = receiver.pushes.map(({ headers }) =>
      JSON.parse(Buffer.from(headers.authorization!.split('.')[1]!, 'base64url').toString()),
    );
    expect(claims[0]).toMatchObject({ aud: 'my-service', iat: start, exp: start + 3600 });
    expect(claims.map(({ iat }) => iat - start)).toEqual([0, 0, 3301]);
  });
});
