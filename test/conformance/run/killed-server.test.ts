import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecutionsClient, JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nothingLeft, parent } from './run-fixture.ts';

const rounds = 6;
const writers = 4;
const mostWrites = 40;

interface Host {
  readonly child: ChildProcess;
  readonly jobs: JobsClient;
  readonly executions: ExecutionsClient;
  kill(): void;
  /** Resolves when the killed process is gone. */
  gone(): Promise<void>;
}

let folder: string;
let hosts: Host[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-killed-'));
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) host.kill();
  await Promise.all(hosts.map((host) => host.gone()));
  await nothingLeft(join(folder, 'scratch'));
  rmSync(folder, { recursive: true });
});

async function startHost(): Promise<Host> {
  const program = [join(import.meta.dirname, 'data-host.ts'), join(folder, 'scratch'), join(folder, 'data')];
  const child = spawn(process.execPath, ['--no-warnings', ...program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  const options = {
    projectId: 'demo',
    apiEndpoint: '127.0.0.1',
    port: Number(line),
    sslCreds: credentials.createInsecure(),
  };
  const host: Host = {
    child,
    jobs: new JobsClient(options),
    executions: new ExecutionsClient(options),
    kill: () => child.kill('SIGKILL'),
    gone: async () => {
      await ended;
      await Promise.all([host.jobs.close(), host.executions.close()]);
    },
  };
  hosts.push(host);
  return host;
}

/** What the server has acknowledged, over all rounds. What was asked for without an answer may be there or not. */
class Acknowledged {
  readonly jobs = new Set<string>();
  readonly executions = new Set<string>();
  readonly deleted = new Set<string>();
  count = 0;
}

/** Creates, starts and deletes until the server answers no more. */
async function write(host: Host, label: string, acknowledged: Acknowledged, onWrite: () => void): Promise<void> {
  const containers = [{ image: 'local/true', command: ['sleep'], args: ['5'] }];
  const noted = (set: Set<string>, name: string) => {
    set.add(name);
    acknowledged.count += 1;
    onWrite();
  };
  for (let n = 0; ; n += 1) {
    const jobId = `${label}-${n}`;
    const name = `${parent}/jobs/${jobId}`;
    await host.jobs.createJob({ parent, jobId, job: { template: { template: { containers } } } });
    noted(acknowledged.jobs, name);
    const isDeleted = n % 3 === 2;
    if (isDeleted) {
      acknowledged.jobs.delete(name);
      await host.jobs.deleteJob({ name });
      noted(acknowledged.deleted, name);
    } else {
      const [operation] = await host.jobs.runJob({ name });
      noted(acknowledged.executions, (operation.metadata as { name?: string }).name ?? '');
    }
  }
}

/** Acknowledged writes that this server does not know. */
async function missing({ jobs, executions }: Host, acknowledged: Acknowledged): Promise<string[]> {
  const [foundJobs] = await jobs.listJobs({ parent });
  const [foundExecutions] = await executions.listExecutions({ parent: `${parent}/jobs/-` });
  const names = (found: readonly { name?: string | null }[]) => new Set(found.map(({ name }) => name ?? ''));
  return [
    ...acknowledged.jobs.difference(names(foundJobs)),
    ...acknowledged.executions.difference(names(foundExecutions)),
    ...[...acknowledged.deleted.intersection(names(foundJobs))].map((name) => `the deletion of ${name}`),
  ];
}

describe('a server that is killed at any moment', () => {
  it('has every acknowledged write when it is started again on the same folder', async () => {
    const acknowledged = new Acknowledged();
    const lost: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const host = await startHost();
      lost.push(...(await missing(host, acknowledged)));
      const until = acknowledged.count + 1 + Math.floor(Math.random() * mostWrites);
      const killWhenDue = () => acknowledged.count >= until && host.kill();
      const writing = Array.from({ length: writers }, (_, writer) =>
        write(host, `r${round}-w${writer}`, acknowledged, killWhenDue),
      );
      await Promise.allSettled(writing);
      await host.gone();
    }
    const last = await startHost();
    lost.push(...(await missing(last, acknowledged)));
    const [executions] = await last.executions.listExecutions({ parent: `${parent}/jobs/-` });

    expect(lost).toEqual([]);
    expect(acknowledged.executions.size).toBeGreaterThan(rounds);
    expect(executions.filter(({ completionTime }) => completionTime == null)).toEqual([]);
  }, 60_000);
});
