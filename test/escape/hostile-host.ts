import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is on the machine beside the wall, for hostile commands to find. */
export interface HostileHost {
  /** Texts that no command may come to see. The first is in the executor's environment. */
  readonly secrets: readonly string[];
  /** Bytes of a file that no checkpoint may contain. */
  readonly secretBytes: Buffer;
  /** What the words in commands stand for. */
  readonly words: Readonly<Record<string, string>>;
  /** How often somebody connected to the servers. */
  connections(): number;
  /** Files and settings of the host as they are now. */
  fingerprint(): string;
  close(): Promise<void>;
}

/** Settings of the kernel that belong to the whole machine. */
const settings = [
  'kernel/core_pattern',
  'kernel/randomize_va_space',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'fs/file-max',
];

/** Behind `container` the folders of an executor have names that a command must find out. */
const found = '$(dirname $(dirname $(readlink /proc/$$/fd/1)))';

/** Where a command has what its shell starts from and leaves: in @RUN@ all of it, in @IN@ what it is given, in @OUT@ its state. */
export const whatWallsShow = {
  bubblewrap: { RUN: '/run/sandbus', IN: '/run/sandbus/in', OUT: '/run/sandbus/out' },
  container: { RUN: found, IN: `${found}/input`, OUT: `${found}/output` },
} as const;

const repository = realpathSync(join(import.meta.dirname, '../..'));

/** Lays out canaries as the executor's user would have them: readable by nobody else. */
export async function layOutHost(owner: number | null): Promise<HostileHost> {
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  const [inEnvironment, inFile] = [`environment-${randomUUID()}`, `file-${randomUUID()}`];
  const secretBytes = randomBytes(4096);
  const files = { secret: inFile, bytes: secretBytes };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    if (owner !== null) chownSync(join(folder, name), owner, owner);
  }
  if (owner !== null) chownSync(folder, owner, owner);
  chmodSync(folder, 0o700);

  let count = 0;
  const serve = () =>
    createServer((socket) => {
      count += 1;
      socket.end('reached');
    });
  const socketName = `canary-${randomUUID()}`;
  const [tcp, abstract] = [serve(), serve()];
  await Promise.all([listen(tcp, { port: 0, host: '0.0.0.0' }), listen(abstract, { path: `\0${socketName}` })]);
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal);
  return {
    secrets: [inEnvironment, inFile],
    secretBytes,
    words: {
      ...whatWallsShow.bubblewrap,
      CANARY: join(folder, 'secret'),
      CANARYNAME: 'secret',
      CANARYBYTES: join(folder, 'bytes'),
      CANARYFOLDER: folder,
      SOURCE: join(repository, 'executor/main.ts'),
      REPOSITORY: repository,
      PORT: String((tcp.address() as { port: number }).port),
      ADDRESS: address?.address ?? '127.0.0.1',
      SOCKET: socketName,
    },
    connections: () => count,
    fingerprint: () =>
      JSON.stringify([
        hostname(),
        ...settings.map((name) => readFileSync(`/proc/sys/${name}`, 'latin1')),
        ...Object.keys(files).map((name) => readFileSync(join(folder, name), 'latin1')),
        ...['/etc/passwd', '/usr', '/usr/bin', '/etc', '/dev/null', folder].map((path) => {
          const { mode, uid, ino } = statSync(path);
          return [path, mode, uid, ino];
        }),
        readFileSync('/etc/passwd', 'latin1'),
      ]),
    async close() {
      await Promise.all([tcp, abstract].map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true });
    },
  };
}

const listen = (server: Server, where: { port: number; host: string } | { path: string }) =>
  new Promise<void>((resolve) => server.listen(where, resolve));

/** A command with what its words stand for. */
export function fillIn(command: string, words: Readonly<Record<string, string>>): string {
  return command.replace(/@([A-Z]+)@/g, (_, name: string) => {
    const value = words[name];
    if (value === undefined) throw new Error(`no command can say @${name}@`);
    return value;
  });
}
