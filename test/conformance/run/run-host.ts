/** A host of the server that a test can kill: runs one script as a task and says when the task has written something. */
import { argv, stdout } from 'node:process';
import { JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { startRunServer } from '../../../local/run/server.ts';

const [scratchDir = '', script = ''] = argv.slice(2);
const server = await startRunServer({ scratchDir, onTaskOutput: () => stdout.write('up\n') });
const jobs = new JobsClient({
  projectId: 'demo',
  apiEndpoint: server.host,
  port: server.port,
  sslCreds: credentials.createInsecure(),
});
const containers = [{ image: 'local/bash', command: ['bash', '-c', script] }];
const [operation] = await jobs.createJob({
  parent: 'projects/demo/locations/here',
  jobId: 'hosted',
  job: { template: { template: { containers } } },
});
const [job] = await operation.promise();
await jobs.runJob({ name: job.name ?? '' });
