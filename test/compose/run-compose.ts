import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLastingPort } from '../support/google-emulators.ts';
import { type RunningProgram, startProgram } from '../support/run-program.ts';
import { type ComposeService, readCompose, serviceOf } from './read-compose.ts';

/** Where the volume is in the containers. */
const stateInside = '/var/lib/sandbus';

export interface ProcessesOfCompose {
  /** The variables of clients, as the file gives them to the command line. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Everything that the programs printed. */
  printed(): string;
  /** Ends the services as `docker compose stop` does; the exit code of each by its name. */
  stop(): Promise<Readonly<Record<string, number | null>>>;
  /** Ends whatever is left, and removes what was stored. */
  close(): Promise<void>;
}

/**
 * Runs the programs of `compose.yaml` as processes of this machine, in its order, each with its command and its variables
 * and nothing else. Only ports and the folder of the volume differ; `emulators` are what stands at the two addresses of
 * the emulators.
 */
export async function runCompose(emulators: {
  readonly pubsub: number;
  readonly firestore: number;
}): Promise<ProcessesOfCompose> {
  const compose = readCompose();
  const state = mkdtempSync(join(tmpdir(), 'sandbus-compose-'));
  const ports: Readonly<Record<string, number>> = {
    ...{ '8085': emulators.pubsub, '8086': emulators.firestore },
    ...{ '9023': await findLastingPort(), '9024': await findLastingPort(), '9025': await findLastingPort() },
  };
  const here = (text: string) =>
    text.replace(/\b(?:8085|8086|902\d)\b/g, (port) => `${ports[port]}`).replaceAll(stateInside, state);
  const variablesOf = ({ environment = {} }: ComposeService) =>
    Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, here(value)]));
  const programs = new Map<string, RunningProgram>();
  const start = (name: string): RunningProgram => {
    const service = serviceOf(compose, name);
    const variables = Object.entries({ PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), ...variablesOf(service) });
    const program = startProgram([
      // A container has nothing of the environment of this process.
      ...['/usr/bin/env', '-i', ...variables.map(([name, value]) => `${name}=${value}`)],
      ...[process.execPath, '--disable-warning=ExperimentalWarning', ...service.command.map(here)],
    ]);
    programs.set(name, program);
    return program;
  };
  const close = async () => {
    for (const program of programs.values()) program.kill('SIGKILL');
    await Promise.all([...programs.values()].map(({ ended }) => ended));
    rmSync(state, { recursive: true, force: true });
  };
  try {
    await Promise.all([start('storage').printed('"started"'), start('cloud-run').printed('CLOUD_RUN_EMULATOR_HOST')]);
    const { code, stdout, stderr } = await start('prepare').ended;
    if (code !== 0) throw new Error(`prepare ended with ${code}: ${stdout}${stderr}`);
    const services = ['dispatcher', 'result-collector', 'dead-letter', 'schedule'];
    await Promise.all(services.map((name) => start(name).printed('"started"')));
    return {
      clientEnv: variablesOf(serviceOf(compose, 'sandbus')),
      printed: () => [...programs.values()].map((program) => program.stdout()).join(''),
      async stop() {
        const stopped = [...services, 'cloud-run', 'storage'].map(async (name) => {
          programs.get(name)?.kill('SIGTERM');
          return [name, (await programs.get(name)?.ended)?.code ?? null] as const;
        });
        return Object.fromEntries(await Promise.all(stopped));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
