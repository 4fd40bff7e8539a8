// One command with nothing but Google's own clients. Run: . .sandbus/local.env && node examples/pubsub-only.ts
import { Firestore } from '@google-cloud/firestore';
import { type Message, PubSub } from '@google-cloud/pubsub';

const pubsub = new PubSub({ projectId: process.env.GOOGLE_CLOUD_PROJECT ?? '' });
const firestore = new Firestore({ projectId: process.env.GOOGLE_CLOUD_PROJECT ?? '' });
const executionId = `by-hand-${Date.now()}`;
const listen = async (topic: string) => {
  const filter = `attributes.executionId = "${executionId}"`;
  const [subscription] = await pubsub.topic(topic).createSubscription(`${topic}-${executionId}`, { filter });
  return { subscription, first: new Promise<Message>((resolve) => subscription.on('message', resolve)) };
};
const heard = await Promise.all([listen('exec-results'), listen('exec-notifications')]);
const json = { executionId, sessionId: 'by-hand', command: 'echo "hello from $(pwd)"; exit 3' };
await pubsub.topic('exec-requests', { messageOrdering: true }).publishMessage({ json, orderingKey: 'by-hand' });
const messages = await Promise.all(heard.map(({ first }) => first));
const [completion, notification] = messages.map(({ data }) => JSON.parse(data.toString()));
const record = (await firestore.doc(notification.document).get()).data();
console.log(JSON.stringify({ completion, notification, record }, null, 2));
await Promise.all(heard.map(({ subscription }) => subscription.delete()));
await Promise.all([pubsub.close(), firestore.terminate()]);
