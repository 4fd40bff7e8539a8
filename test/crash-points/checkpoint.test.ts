import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../client/index.ts';
import type { CheckpointRef } from '../../schemas/generated/messages.ts';
import type { CrashPoint } from './call-killer.ts';
import { useCheckpointWorld } from './checkpoint-world.ts';
import { enumeratePoints, nameOf } from './crash-points.ts';

const world = useCheckpointWorld();

/** A hash of all that a session keeps: what is in its two folders and how it is there, to the microsecond, and a variable. */
const tell = String.raw`( for folder in /workspace /tmp; do
    cd $folder && find . -mindepth 1 -printf '%P %y %m %s %T@ %n %l\n' | sed -E 's/([0-9]\.[0-9]{6})[0-9]+/\1/' | sort
    find . -type f -print0 | sort -z | xargs -0r sha256sum
  done; echo "$mark" ) | sha256sum`;

/** Changes every page of the manifest, what is in packs of one file and of many, the shell's state and /tmp. */
const change = `mark=$(od -An -tx4 -N8 /dev/urandom); for name in large larger; do head -c 4500000 /dev/urandom > $name; done
  for ((i = 0; i < 1400; i++)); do echo "$mark $i" > file-$i; done
  ln -sf file-1 link; chmod 600 file-2; echo "$mark" > /tmp/note`;

/** Changes nothing where the session is not as it was told: then it ends with 9. */
const changeFrom = (told: string) => `[ "$(${tell})" = '${told.trim()}' ] || exit 9; ${change}; ${tell}`;

/** One executor that dies at the point; what is then true of the session, and what is to be. */
async function dieAt(point: CrashPoint, sessionId: string, told: string) {
  const { gate, retention, session, head, objects, run, runToDeath } = world();
  const before = { head: await head(sessionId), objects: await objects(sessionId) };
  const isPublished = nameOf(point) === 'after completion 1';
  gate.arm(point);
  const doomed = await (isPublished ? run : runToDeath)(session(sessionId), changeFrom(told));
  const stored = await gate.stored();
  const headAfter = await head(sessionId);
  const { removed, young, problem } = await retention.tend(sessionId, { graceMs: 0 });
  const collected = { removed: removed.map(({ name }) => name).toSorted(), young, problem };
  const left = await objects(sessionId);
  const wanted = isPublished
    ? { status: 'succeeded', head: anyHeadOf(doomed, before.head), removed: [], left: [...before.objects, ...stored] }
    : { status: 'lost', head: before.head, removed: stored, left: before.objects };
  return {
    seen: { status: doomed.status, hasDied: gate.hasKilled, head: headAfter, ...collected, left },
    wanted: {
      ...{ ...wanted, hasDied: true, young: [], problem: null },
      ...{ removed: wanted.removed.toSorted(), left: wanted.left.toSorted() },
    },
    told: isPublished ? doomed.stdout : told,
  };
}

const anyHeadOf = ({ checkpoint: number }: ExecutionResult, before: CheckpointRef | null): unknown =>
  expect.objectContaining({ number, parent: before?.number });

describe('an executor that is killed before or after any call by which it stores a checkpoint', () => {
  it('leaves the one before as it was, or a new one that is whole; what else it wrote is collected, and the session goes on', async () => {
    const { gate, session, run } = world();
    const one = session(`s-${randomUUID()}`);
    gate.arm(null);
    let { stdout: told } = await run(one, `${change}; ${tell}`);
    const { calls } = gate;
    const countOf = (name: string) => calls.filter((call) => call === name).length;
    expect(calls.toSorted()).toEqual(expect.arrayContaining(['completion', 'manifests', 'packs', 'states']));
    expect([countOf('packs'), countOf('manifests'), countOf('completion')]).toEqual([4, 5, 1]);
    for (const point of enumeratePoints(calls, Number.POSITIVE_INFINITY)) {
      const { seen, wanted, told: next } = await dieAt(point, one.id, told);
      expect({ at: nameOf(point), ...seen }).toEqual({ at: nameOf(point), ...wanted });
      told = next;
    }
    gate.arm(null);
    expect(await run(one, tell)).toMatchObject({ status: 'succeeded', stdout: told });
  }, 900_000);
});
