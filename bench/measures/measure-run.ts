import { randomUUID } from 'node:crypto';
import { JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { type Measured, quantile, rate, scaled } from './measured.ts';

/** Reads of a job, and executions of one task that ends at once, from RunJob to the end of their operation. */
export async function measureRun(
  projectId: string,
  { address, restUrl }: { readonly address: string; readonly restUrl: string },
  scale: number,
): Promise<readonly Measured[]> {
  const [apiEndpoint = '', port = ''] = address.split(':');
  const jobs = new JobsClient({
    projectId,
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
  try {
    const jobId = `bench-${randomUUID()}`;
    const job = { template: { template: { containers: [{ image: 'local/true', command: ['true'] }] } } };
    await jobs.createJob({ parent: `projects/${projectId}/locations/bench`, jobId, job });
    const name = `projects/${projectId}/locations/bench/jobs/${jobId}`;
    const times: number[] = [];
    const runToEnd = async () => {
      const started = performance.now();
      const [operation] = await jobs.runJob({ name });
      // The client's own wait asks again after a pause, which would be what is measured.
      const answer = await fetch(`${restUrl}/v2/${operation.name}:wait`, { method: 'POST', body: '{}' });
      const { done, error } = (await answer.json()) as { done?: boolean; error?: unknown };
      if (!done) throw new Error(`the execution has not ended: ${answer.status} ${JSON.stringify(error)}`);
      times.push(performance.now() - started);
    };
    await runToEnd();
    const reads = await rate('reads of a job, 16 parallel', scaled(2000, scale, 32), 16, () => jobs.getJob({ name }));
    times.length = 0;
    await rate('', scaled(50, scale, 3), 1, runToEnd);
    const alone = [...times];
    return [
      reads,
      { what: 'RunJob to the end of `true`, p50', value: quantile(alone, 0.5), unit: 'ms' },
      { what: 'RunJob to the end of `true`, p99', value: quantile(alone, 0.99), unit: 'ms' },
      await rate('executions of `true`, 8 parallel', scaled(200, scale, 8), 8, runToEnd),
    ];
  } finally {
    await jobs.close();
  }
}
