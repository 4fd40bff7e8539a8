import { ExecutionsClient, JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { eventually, parent } from '../../conformance/run/run-fixture.ts';
import { type KillWriters, repeatUntilKilled } from './kill-loop.ts';

const writers = 3;
/** These wait for processes, the others do not: for each end there are many other writes. */
const enders = 2;

interface Clients extends AsyncDisposable {
  readonly jobs: JobsClient;
  readonly executions: ExecutionsClient;
}

function connect(port: number): Clients {
  const options = { projectId: 'demo', apiEndpoint: '127.0.0.1', port, sslCreds: credentials.createInsecure() };
  const jobs = new JobsClient(options);
  const executions = new ExecutionsClient(options);
  return {
    jobs,
    executions,
    async [Symbol.asyncDispose]() {
      await Promise.all([jobs.close(), executions.close()]);
    },
  };
}

/** Clients that create, start and delete jobs, and one that sees executions to their end. */
export function createRunWriters() {
  /** What the server has acknowledged. What was asked for without an answer may be there or not. */
  const jobsThere = new Set<string>();
  const deletedJobs = new Set<string>();
  const started = new Set<string>();
  const succeeded = new Set<string>();
  let lives = 0;

  const createJob = async ({ jobs }: Clients, jobId: string, args: readonly string[]): Promise<string> => {
    const containers = [{ image: 'local/sleep', command: ['sleep'], args: [...args] }];
    await jobs.createJob({ parent, jobId, job: { template: { template: { containers } } } });
    const name = `${parent}/jobs/${jobId}`;
    jobsThere.add(name);
    return name;
  };
  const start = async ({ jobs }: Clients, name: string): Promise<string> => {
    const [operation] = await jobs.runJob({ name });
    const execution = (operation.metadata as { name?: string }).name ?? '';
    started.add(execution);
    return execution;
  };
  /** Creates a job, starts it, creates another and deletes it, and so on: a write at each call. */
  const createStartDelete = (clients: Clients, label: string) => {
    let count = 0;
    let name = '';
    return async () => {
      const step = count % 4;
      count += 1;
      if (step === 0 || step === 2) name = await createJob(clients, `${label}-${count}`, ['5']);
      if (step === 1) await start(clients, name);
      if (step !== 3) return;
      jobsThere.delete(name);
      await clients.jobs.deleteJob({ name });
      deletedJobs.add(name);
    };
  };
  const runToEnd = (clients: Clients, label: string) => {
    let name: string | null = null;
    return async () => {
      name ??= await createJob(clients, label, ['0']);
      const execution = await start(clients, name);
      await eventually(`${execution} completes`, async () => {
        const [{ completionTime }] = await clients.executions.getExecution({ name: execution });
        return completionTime != null;
      });
      succeeded.add(execution);
    };
  };

  const killWriters: KillWriters<number> = {
    async check(port) {
      await using clients = connect(port);
      const [foundJobs] = await clients.jobs.listJobs({ parent });
      const [foundExecutions] = await clients.executions.listExecutions({ parent: `${parent}/jobs/-` });
      const names = (found: readonly { name?: string | null }[]) => new Set(found.map(({ name }) => name ?? ''));
      const living = foundExecutions.filter(({ completionTime }) => completionTime == null);
      const successes = foundExecutions.filter(({ succeededCount }) => succeededCount === 1);
      return [
        ...[...jobsThere.difference(names(foundJobs))].map((name) => `${name} is gone`),
        ...[...deletedJobs.intersection(names(foundJobs))].map((name) => `the deletion of ${name} is gone`),
        ...[...started.difference(names(foundExecutions))].map((name) => `${name} is gone`),
        ...[...succeeded.difference(names(successes))].map((name) => `the success of ${name} is gone`),
        ...living.map(({ name }) => `${name} still runs, without the server that ran it`),
      ];
    },
    async write(port, life) {
      await using clients = connect(port);
      lives += 1;
      const writing = Array.from({ length: writers }, (_, writer) =>
        repeatUntilKilled(life, createStartDelete(clients, `life-${lives}-${writer}`)),
      );
      const ending = Array.from({ length: enders }, (_, ender) =>
        repeatUntilKilled(life, runToEnd(clients, `life-${lives}-ends-${ender}`)),
      );
      await Promise.all([...writing, ...ending]);
    },
  };
  return {
    ...killWriters,
    counts: () => ({
      jobs: jobsThere.size,
      deletedJobs: deletedJobs.size,
      started: started.size,
      succeeded: succeeded.size,
    }),
  };
}
