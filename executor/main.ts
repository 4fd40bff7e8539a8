import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

/*
 * The program of a job. What it loads is compiled once and kept beside the packages: without that, stripping the types
 * and compiling take 200 ms of processor time in each job, and a user waits for most of them. For that to hold nothing of
 * the project may be imported statically here. NODE_COMPILE_CACHE in the job's environment covers this file as well.
 */
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/sandbus-executor'));

const [{ runExecutor }, { readGoogleConfig }] = await Promise.all([
  import('./run-executor.ts'),
  import('../gcp/google-config.ts'),
]);
process.exitCode = await runExecutor(process.env, readGoogleConfig);
// What a Google client still holds open must not keep the job alive.
process.exit();
