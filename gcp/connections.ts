import type { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import { createFirestoreClient } from './firestore-client.ts';
import type { GoogleConfig } from './google-config.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createPubsubClient } from './pubsub-client.ts';
import { createStorageClient } from './storage-client.ts';
import type { RunningSubscription } from './subscriber.ts';

/** What every service holds: one client of each kind, and what is made of them. */
export interface Connections {
  readonly pubsub: PubSub;
  readonly firestore: Firestore;
  readonly publisher: Publisher;
  readonly objects: ObjectStore;
  /** Ends the subscriptions, publishes what is still held, and then lets go of everything. */
  close(subscriptions: readonly RunningSubscription[]): Promise<void>;
}

export function openConnections(google: GoogleConfig): Connections {
  const pubsub = createPubsubClient(google);
  const firestore = createFirestoreClient(google);
  const publisher = createPublisher(pubsub);
  return {
    pubsub,
    firestore,
    publisher,
    objects: createObjectStore(createStorageClient(google), google.bucket),
    async close(subscriptions) {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await publisher.close();
      await firestore.terminate();
    },
  };
}
