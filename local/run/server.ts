import { join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { type RunningServer, readServiceDefinitions, serviceDefinition, startGrpcServer } from '../grpc-server.ts';
import { createAnyEncoder } from './any-message.ts';
import { executionMethods } from './execution-methods.ts';
import type { RunEnvironment, TaskOutput } from './execution-run.ts';
import { jobMethods } from './job-methods.ts';
import { JobRegistry } from './job-registry.ts';
import { grpcHandlers, storedMethods } from './methods.ts';
import { operationMethods } from './operation-methods.ts';
import { OperationStore } from './operation-store.ts';
import { findSubject, readSavedState } from './read-saved-state.ts';
import { keepNothing, openRecordStore } from './record-store.ts';
import { parseTaskName } from './resource-names.ts';
import { type RestService, startRestServer } from './rest-server.ts';
import { loadRunProtos } from './run-protos.ts';
import { createRateQuota, googleQuotas, type RunQuotas } from './run-quotas.ts';
import { startSpawner } from './spawner.ts';
import type { ServerParts } from './start-execution.ts';
import { taskMethods } from './task-methods.ts';

export interface RunServerOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Serves the same methods as JSON over HTTP on this port too; 0 takes a free one. Default: not at all. */
  readonly restPort?: number;
  readonly clock?: Clock;
  /** How long an attempt waits before its process starts, as a container takes time to come up. Default 0. */
  readonly startDelayMs?: number;
  /** What is not given is Google's (180 RunJob calls a minute, 1000 running executions, 1000 jobs). */
  readonly quotas?: Partial<RunQuotas>;
  /** Everything is kept in `run.sqlite` of this folder, and there again after a restart. Default: in memory. */
  readonly dataDir?: string;
  /** Completed executions that a job keeps. Default: Google's 1000. */
  readonly keptExecutions?: number;
  /** Environment of every task below its job's own; a task inherits nothing from this process. */
  readonly taskEnv?: Readonly<Record<string, string>>;
  /** Each attempt gets a fresh folder in it, as $TMPDIR and working directory. */
  readonly scratchDir: string;
  /** Called with what tasks write, as it comes. */
  readonly onTaskOutput?: (output: TaskOutput) => void;
}

export interface RunServer extends RunningServer {
  /** Of the JSON API; null when it was not asked for. */
  readonly restPort: number | null;
  /** The last 64 KiB that a task wrote, over all its attempts; throws NOT_FOUND like the API. */
  taskLog(taskName: string): string;
}

const jobsName = 'google.cloud.run.v2.Jobs';
const executionsName = 'google.cloud.run.v2.Executions';
const tasksName = 'google.cloud.run.v2.Tasks';
const operationsName = 'google.longrunning.Operations';
const googleKeptExecutions = 1000;

/** Starts a Cloud Run Admin API v2 server for jobs on loopback; it runs the tasks as local processes. */
export async function startRunServer(options: RunServerOptions): Promise<RunServer> {
  const { clock = systemClock } = options;
  const quotas = { ...googleQuotas, ...options.quotas };
  const store =
    options.dataDir === undefined ? keepNothing : await openRecordStore(join(options.dataDir, 'run.sqlite'));
  const opened: { close(): void | Promise<void> }[] = [store];
  const close = async () => {
    for (const part of opened) await part.close();
  };
  try {
    const spawner = await startSpawner(options.scratchDir);
    opened.unshift(spawner);
    const environment: RunEnvironment = {
      clock,
      spawner,
      startDelayMs: options.startDelayMs ?? 0,
      taskEnv: options.taskEnv ?? {},
      onTaskOutput: options.onTaskOutput ?? (() => {}),
    };
    const registry = new JobRegistry(environment, options.keptExecutions ?? googleKeptExecutions, store);
    opened.unshift(registry);
    const protos = loadRunProtos();
    const definitions = readServiceDefinitions(protos);
    const jobs = serviceDefinition(definitions, jobsName);
    const executions = serviceDefinition(definitions, executionsName);
    const parts: ServerParts = {
      registry,
      operations: new OperationStore(createAnyEncoder(jobs, executions), store),
      clock,
      rate: createRateQuota(quotas.runJobPerMinute),
      quotas,
    };
    const saved = readSavedState(store, clock.now());
    registry.restore(saved);
    parts.operations.restore(store.readAll('operation'), (subject) => findSubject(saved, subject));
    store.flush();
    const services: readonly RestService[] = [
      { name: jobsName, definition: jobs, methods: jobMethods(parts) },
      { name: executionsName, definition: executions, methods: executionMethods(parts) },
      { name: tasksName, definition: serviceDefinition(definitions, tasksName), methods: taskMethods(registry) },
      {
        name: operationsName,
        definition: serviceDefinition(definitions, operationsName),
        methods: operationMethods(parts.operations, clock),
      },
    ].map((service) => ({ ...service, methods: storedMethods(service.methods, store) }));
    const grpcServices = services.map(({ definition, methods }) => ({ definition, handlers: grpcHandlers(methods) }));
    const server = await startGrpcServer(grpcServices, options.port ?? 0);
    opened.unshift(server);
    const rest = options.restPort === undefined ? null : await startRestServer(protos, services, options.restPort);
    if (rest !== null) opened.unshift(rest);
    return {
      host: server.host,
      port: server.port,
      restPort: rest?.port ?? null,
      taskLog: (taskName) => registry.run(parseTaskName('name', taskName)).log(taskName),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
