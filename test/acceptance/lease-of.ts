import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createRecordReader } from '../../gcp/record-reader.ts';
import type { TestStack } from '../support/stack.ts';

/** Tells under which lease an execution ran, by its record: a container holds one lease, and each lease has one container. */
export async function leaseOf(executionId: string, { stack }: TestStack): Promise<string | null> {
  const reader = createRecordReader(createFirestoreClient(readGoogleConfig(stack.clientEnv)));
  try {
    const record = await reader.getExecution(executionId);
    return record?.state === 'finished' ? record.result.leaseId : null;
  } finally {
    await reader.close();
  }
}
