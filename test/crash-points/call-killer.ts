import { appendFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/*
 * Loaded before a service (`--import`): watches the calls by which the process changes the world, and kills it at one of
 * them, before it is sent or once it is answered. The service knows nothing of it, and what it calls is real.
 *
 *   CRASH_TRACE   a file that gets the name of each call
 *   CRASH_ARM     a file with the point, read on SIGUSR2; calls are counted from then on
 *   CRASH_TOKENS  a folder of points, of which each process takes one at its start
 */
export interface CrashPoint {
  readonly call: string;
  /** 1 is the first call of that name. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}

const { CRASH_TRACE: trace, CRASH_ARM: arm, CRASH_TOKENS: tokens } = process.env;
let point: CrashPoint | null = null;
let counts = new Map<string, number>();

if (trace !== undefined) {
  watchGrpc();
  watchHttp();
  if (isMainThread && tokens !== undefined) takeToken(tokens);
  // A thread is told by the environment that it gets when it starts.
  if (process.env.CRASH_POINT) point = JSON.parse(process.env.CRASH_POINT);
  if (isMainThread && arm !== undefined) {
    let times = 0;
    process.on('SIGUSR2', () => {
      times += 1;
      point = JSON.parse(readFileSync(arm, 'utf8'));
      counts = new Map();
      process.stdout.write(`armed ${times};\n`);
    });
  }
}

function takeToken(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const taken = join(folder, `${name}.taken`);
    try {
      renameSync(join(folder, name), taken);
    } catch {
      continue; // another process has it
    }
    process.env.CRASH_POINT = readFileSync(taken, 'utf8');
    return;
  }
}

/** Counts the call, dies before it where that is the point, and says whether its answer is the point. */
function enter(call: string): boolean {
  const nth = (counts.get(call) ?? 0) + 1;
  counts.set(call, nth);
  if (trace !== undefined) appendFileSync(trace, `${call}\n`);
  const isPoint = point?.call === call && point.nth === nth;
  if (isPoint && point?.when === 'before') die();
  return isPoint;
}

const die = () => process.kill(process.pid, 'SIGKILL');

/** The methods that change something. Reads may be repeated at will. */
const effects = /\/(Commit|Publish|RunJob|Acknowledge)$/;

function watchGrpc(): void {
  const http2 = process.getBuiltinModule('node:http2');
  const { connect } = http2;
  const watched = (...args: Parameters<typeof connect>): ClientHttp2Session => {
    const session = connect(...args);
    const request = session.request.bind(session);
    session.request = (headers?: OutgoingHttpHeaders, options?: object): ClientHttp2Stream => {
      const [, call] = effects.exec(String(headers?.[':path'] ?? '')) ?? [];
      const isPoint = call !== undefined && enter(call);
      const stream = request(headers as OutgoingHttpHeaders, options);
      if (isPoint) stream.once('trailers', die);
      return stream;
    };
    return session;
  };
  http2.connect = watched as typeof connect;
  syncBuiltinESMExports();
}

function watchHttp(): void {
  const http = process.getBuiltinModule('node:http');
  const request = http.request.bind(http) as (...args: unknown[]) => ClientRequest;
  http.request = ((...args: unknown[]) => {
    const [url, options] = args as [
      { readonly pathname?: string; readonly path?: string },
      { readonly method?: string },
    ];
    const call = nameHttpCall(
      url.pathname ?? url.path ?? '',
      options.method ?? (url as { method?: string }).method ?? 'GET',
    );
    const isPoint = call !== null && enter(call);
    const sent = request(...args);
    if (isPoint) sent.once('response', die);
    return sent;
  }) as typeof http.request;
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const call = nameHttpCall(url.pathname, init?.method ?? 'GET');
    const isPoint = call !== null && enter(call);
    const answer = await fetch(input, init);
    if (isPoint) die();
    return answer;
  };
  syncBuiltinESMExports();
}

function nameHttpCall(path: string, method: string): string | null {
  const [, verb] = /^\/v1\/leases\/[^/]+\/(\w+)/.exec(path) ?? [];
  if (verb !== undefined) return verb;
  return method === 'PUT' || method === 'POST' ? 'write object' : null;
}
