import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../client/index.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack();
let sessions = 0;
const newSession = (): Session => stack().sandbus.session(`files-${++sessions}`);
const minutes = 3 * 60_000;

/** A command that does not end before it is told to, once it has begun. */
async function aWaitingCommand(session: Session, command: string) {
  const begun = Promise.withResolvers<void>();
  const running = await session.start(`${command}; until test -e end; do sleep 0.05; done`, {
    live: false,
    onState: (state) => (state === 'running' ? begun.resolve() : undefined),
  });
  await begun.promise;
  return running;
}

const present = ({ files }: Session, path: string) =>
  until(`${path} is there`, async () => ((await files.exists(path)) ? true : null), 60_000);

describe('the files of a session in which nothing runs', () => {
  it(
    'are written, read and listed without a job',
    async () => {
      const { files, id } = newSession();
      await files.write('src/a.txt', 'hello');
      await files.append('src/a.txt', ' world');
      const listed = await files.list('.', { recursive: true });
      expect([
        await files.readText('src/a.txt'),
        listed.map(({ path, kind }) => `${kind} ${path}`),
        await stack().sandbus.executions.list({ sessionId: id }),
      ]).toEqual(['hello world', ['directory /workspace/src', 'file /workspace/src/a.txt'], []]);
    },
    minutes,
  );

  it(
    'are those of its commands, and the other way round',
    async () => {
      const session = newSession();
      await session.files.write('in.txt', 'from outside', { mode: 0o600 });
      const { stdout } = await session.exec('stat -c "%a %U %n" in.txt; cat in.txt; echo made > out.txt; id -un');
      const [owned = '', content = ''] = stdout.split('\n');
      expect([owned.split(' ')[0], content.startsWith('from outside')]).toEqual(['600', true]);
      expect(await session.files.readText('out.txt')).toBe('made\n');
    },
    minutes,
  );

  it(
    'keep what a command left of its shell',
    async () => {
      const session = newSession();
      await session.exec('mkdir d; cd d; export GREETING=hi');
      await session.files.write('d/f', 'x');
      const { stdout, checkpoint } = await session.exec('echo $GREETING; ls');
      expect([stdout, checkpoint]).toEqual(['hi\nf\n', 3]);
    },
    minutes,
  );

  it(
    'take many small writes at once as few checkpoints',
    async () => {
      const session = newSession();
      await Promise.all(Array.from({ length: 60 }, (_, i) => session.files.write(`f${i}`, String(i))));
      const { checkpoint } = await session.exec('true');
      expect([(await session.files.list()).length, (checkpoint ?? 99) <= 4]).toEqual([60, true]);
    },
    minutes,
  );

  it(
    'lose nothing of what two programs add at the same time',
    async () => {
      const { id, files } = newSession();
      const other = stack().sandbus.session(id).files;
      const add = async (by: typeof files, name: string) => {
        for (let i = 0; i < 5; i += 1) await by.append('log', `${name}${i}\n`);
      };
      await Promise.all([add(files, 'a'), add(other, 'b')]);
      const lines = (await files.readText('log')).trimEnd().split('\n');
      expect([lines.filter((line) => line.startsWith('a')), lines.length]).toEqual([
        ['a0', 'a1', 'a2', 'a3', 'a4'],
        10,
      ]);
    },
    minutes,
  );

  it(
    'go to another session as a tar, links and odd names too',
    async () => {
      const [from, to] = [newSession(), newSession()];
      await from.exec(`mkdir -p d/empty; echo x > 'd/a b'; echo y > 'd/-*'; chmod 750 'd/-*'; ln -s 'a b' d/link`);
      const whole = Buffer.concat(await Array.fromAsync(await from.files.download('d')));
      expect(whole.includes('link')).toBe(true);
      await from.files.remove('d/link');
      await to.files.upload('into', await from.files.download('d'));
      const { stdout } = await to.exec('cd into; find . -printf "%m %p\\n" | sort; cat -- *b; cat -- -*');
      expect(stdout.split('\n')).toEqual(['644 ./a b', '750 ./-*', '755 .', '755 ./empty', 'x', 'y', '']);
    },
    minutes,
  );

  it(
    'of a session that nobody has used are none',
    async () => {
      const { files } = newSession();
      expect([await files.list(), await files.exists('x')]).toEqual([[], false]);
      await expect(files.read('x')).rejects.toMatchObject({ code: 'files/not-found' });
    },
    minutes,
  );

  it(
    'can be given to whoever has a URL',
    async () => {
      const { files } = newSession();
      await files.write('a.bin', Buffer.from([0, 255, 1]));
      const answer = await fetch(await files.signedUrl('a.bin'));
      expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 1]);
    },
    minutes,
  );
});

describe('the files of a session whose command runs', () => {
  it(
    'are those that the command sees',
    async () => {
      const session = newSession();
      await session.files.write('before', 'b');
      const running = await aWaitingCommand(
        session,
        'echo made > made; until test -e go; do sleep 0.05; done; cp go gone',
      );
      await present(session, 'made');
      await session.files.write('go', 'x'.repeat(300_000));
      await present(session, 'gone');
      const [{ size }, before] = [await session.files.stat('gone'), await session.files.readText('before')];
      await session.files.append('log', '1');
      await session.files.append('log', '2');
      await session.files.move('before', 'd/after');
      const big = await session.files.read('go');
      await session.files.write('end', '');
      const { status } = await running.wait();
      const left = (await session.files.list('.', { recursive: true })).map(({ path }) => path.slice(11));
      expect([size, before, big.length, status, await session.files.readText('log')]).toEqual([
        ...[300_000, 'b', 300_000, 'succeeded', '12'],
      ]);
      expect(left).toEqual(['d', 'd/after', 'end', 'go', 'gone', 'log', 'made']);
    },
    minutes,
  );

  it(
    'refuse the same as those of one at rest',
    async () => {
      const session = newSession();
      const running = await aWaitingCommand(session, 'ln -s /etc out; mkfifo pipe; mkdir d; touch ready');
      await present(session, 'ready');
      const { files } = session;
      const codeOf = (work: Promise<unknown>) => work.then(String, ({ code }) => code);
      const codes = [
        await codeOf(files.read('out/passwd')),
        await codeOf(files.read('pipe')),
        await codeOf(files.read('d')),
        await codeOf(files.read('x')),
        await codeOf(files.remove('d')),
      ];
      await files.write('end', '');
      await running.wait();
      expect(codes).toEqual([
        ...['files/invalid-path', 'files/invalid-path', 'files/is-directory', 'files/not-found', 'files/is-directory'],
      ]);
    },
    minutes,
  );
});
