import type { CrashPoint } from './call-killer.ts';
import { enumeratePoints, nameOf } from './crash-points.ts';
import type { CrashWorld, ServiceName } from './crash-world.ts';
import { type ServiceLife, startService } from './service-life.ts';
import { freshSession, nextWorks, type Story, settledWrongs } from './stories.ts';

export interface PointsReport {
  readonly points: readonly string[];
  /** Points at which the process died; another run may make fewer calls. */
  readonly died: number;
  /** What was wrong in the end, by point. */
  readonly wrongs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Plays a story once to learn what calls the service makes, then again for each point before and after each call, where the
 * service is killed and started again. Each world takes the next point: most of a story is waiting.
 */
export async function runPoints(
  service: ServiceName,
  story: Story,
  worlds: readonly CrashWorld[],
  mostOfOne: number,
): Promise<PointsReport> {
  const lanes = await Promise.all(worlds.map((world) => openLane(service, story, world)));
  try {
    const record = await lanes[0]?.play(null);
    const points = enumeratePoints(record?.calls ?? [], mostOfOne);
    const wrongs: Record<string, readonly string[]> = {};
    if (record && record.wrongs.length > 0) wrongs['without a crash'] = record.wrongs;
    let died = 0;
    const waiting = [...points];
    const runLane = async ({ play }: Lane) => {
      for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
        const played = await play(point);
        if (played.wrongs.length > 0) wrongs[nameOf(point)] = played.wrongs;
        if (played.hasDied) died += 1;
      }
    };
    await Promise.all(lanes.map(runLane));
    return { points: points.map(nameOf), died, wrongs };
  } finally {
    for (const lane of lanes) await lane.close();
  }
}

interface Lane {
  play(point: CrashPoint | null): Promise<Played>;
  close(): Promise<void>;
}

interface Played {
  readonly calls: readonly string[];
  readonly wrongs: readonly string[];
  readonly hasDied: boolean;
}

async function openLane(service: ServiceName, story: Story, world: CrashWorld): Promise<Lane> {
  const start = () => startService(service, world);
  let life = await start();
  return {
    async play(point) {
      const played = await playOnce(life, story, world, point, start);
      life = played.life;
      return played;
    },
    close: () => life.close(),
  };
}

/** Plays the story in a fresh session and waits for its end; a service that dies on the way is started again. */
async function playOnce(
  life: ServiceLife,
  story: Story,
  world: CrashWorld,
  point: CrashPoint | null,
  restart: () => Promise<ServiceLife>,
) {
  const session = freshSession();
  await story.prepare?.(world, session);
  await life.arm(point);
  let isPlaying = true;
  let hasDied = false;
  const nextLife = life.ended.then(async () => {
    if (!isPlaying) return life;
    hasDied = true;
    return await restart();
  });
  nextLife.catch(() => {}); // awaited only where the service died in this story
  await story.play(world, session);
  let wrongs = await settledWrongs(() => story.wrongs(world, session));
  if (wrongs.length === 0) wrongs = await nextWorks(world, session);
  const calls = life.calls();
  // One that made fewer calls than the recorded one lives on, and is told to.
  if (!hasDied) await Promise.race([life.arm(null), life.ended]);
  isPlaying = false;
  return { calls, wrongs, hasDied, life: hasDied ? await nextLife : life };
}
