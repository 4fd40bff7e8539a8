import type { ExecutionsClient, JobsClient, protos, TasksClient } from '@google-cloud/run';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const parent = 'projects/demo/locations/here';

export interface RunClients {
  readonly jobs: JobsClient;
  readonly executions: ExecutionsClient;
  readonly tasks: TasksClient;
}

/** What a program written for any major of the Cloud Run client relies on. `connect` makes clients of that major. */
export function declareRunChecks(connect: () => RunClients): void {
  let clients: RunClients;
  beforeAll(() => {
    clients = connect();
  });
  afterAll(() => Promise.all([clients.jobs.close(), clients.executions.close(), clients.tasks.close()]));

  async function createJob(script: string): Promise<string> {
    const container = {
      image: 'local/bash',
      command: ['bash', '-c', script, 'bash'],
      env: [{ name: 'A', value: '1' }],
    };
    const [operation] = await clients.jobs.createJob({
      parent,
      jobId: `job-${Date.now().toString(36)}`,
      job: { template: { template: { maxRetries: 0, containers: [container] } } },
    });
    const [job] = await operation.promise();
    return job.name ?? '';
  }

  it('creates a job, runs it with overrides to its end, and deletes it', async () => {
    const name = await createJob('exit $((A + B + $1))');
    const overrides = { containerOverrides: [{ args: ['4'], env: [{ name: 'B', value: '2' }] }] };
    const [operation] = await clients.jobs.runJob({ name, overrides });
    const [execution] = await operation.promise();
    const [[task]] = await clients.tasks.listTasks({ parent: execution.name ?? '' });
    expect(execution).toMatchObject({ succeededCount: 0, failedCount: 1 });
    expect(task?.lastAttemptResult).toMatchObject({ exitCode: 7 });
    const [deletion] = await clients.jobs.deleteJob({ name });
    await deletion.promise();
    await expect(clients.jobs.getJob({ name })).rejects.toMatchObject({ code: 5 });
  });

  it('cancels an execution', async () => {
    const job = await createJob('sleep 60');
    const [operation] = await clients.jobs.runJob({ name: job });
    const { name } = operation.metadata as protos.google.cloud.run.v2.IExecution;
    const [cancellation] = await clients.executions.cancelExecution({ name: name ?? '' });
    await cancellation.promise();
    await operation.promise().catch(() => []);
    const [ended] = await clients.executions.getExecution({ name: name ?? '' });
    expect(ended).toMatchObject({ cancelledCount: 1, succeededCount: 0, failedCount: 0 });
  });
}
