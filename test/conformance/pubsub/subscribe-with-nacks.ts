import { writeSync } from 'node:fs';
import { PubSub } from '@google-cloud/pubsub';

/**
 * A subscriber as a process of its own, to be killed: `subscribe-with-nacks.ts <address> <project> <subscription> <seed> <room>`.
 * Prints a line for each delivery before it answers it: the message's text, and `ack` or (5 % of them) `nack`.
 */
const [apiEndpoint = '', projectId = '', name = '', seed = '1', room = '1000'] = process.argv.slice(2);
const nackShare = 0.05;

/** Numbers from 0 to 1 that depend on the seed only (a linear congruential generator). */
let state = Number(seed);
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const pubsub = new PubSub({ projectId, apiEndpoint, emulatorMode: true });
const subscription = pubsub.subscription(name, {
  batching: { maxMilliseconds: 5 },
  // A message that comes again may come on another stream, before what is still on its way on the first one.
  streamingOptions: { maxStreams: 1 },
  flowControl: { maxMessages: Number(room) },
});
subscription.on('message', (message) => {
  const nacked = random() < nackShare;
  // Waits while the pipe is full. process.stdout would keep the line in memory, and a kill would lose it after its answer was sent.
  writeSync(1, `${message.data} ${nacked ? 'nack' : 'ack'}\n`);
  if (nacked) message.nack();
  else message.ack();
});
subscription.on('error', (error) => {
  throw error;
});
