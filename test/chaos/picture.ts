export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  readonly published: number;
  readonly announced: number;
}

export interface Kill {
  readonly at: number;
  readonly target: string;
}

const size = { width: 960, height: 420, left: 56, right: 24, top: 40, bottom: 72 };
const inks = { published: '#9aa0a6', announced: '#1a73e8' } as const;
const killInks = ['#d93025', '#e37400', '#188038', '#9334e6', '#12858d', '#a50e0e', '#5f6368', '#b80672'];

/** What was asked and what was announced over time, and every kill, as SVG. */
export function drawPicture(samples: readonly Sample[], kills: readonly Kill[], title: string): string {
  const lastAt = Math.max(1, ...samples.map(({ at }) => at));
  const most = Math.max(1, ...samples.map(({ published }) => published));
  const x = (at: number) => round(size.left + (at / lastAt) * (size.width - size.left - size.right));
  const floor = size.height - size.bottom;
  const y = (count: number) => round(floor - (count / most) * (floor - size.top));
  const line = (what: keyof typeof inks) =>
    `<polyline fill="none" stroke="${inks[what]}" stroke-width="2" points="${samples
      .map((sample) => `${x(sample.at)},${y(sample[what])}`)
      .join(' ')}"/>`;
  const targets = [...new Set(kills.map(({ target }) => target))].toSorted();
  const inkOf = (target: string) => killInks[targets.indexOf(target) % killInks.length];
  const ticks = kills.map(
    ({ at, target }) =>
      `<line x1="${x(at)}" x2="${x(at)}" y1="${floor}" y2="${floor + 10}" stroke="${inkOf(target)}" stroke-width="2"><title>${target} killed after ${at.toFixed(1)} s</title></line>`,
  );
  const legend = [
    ...Object.entries(inks).map(([name, ink]) => ({ name, ink })),
    ...targets.map((target) => ({ name: `${target} killed`, ink: inkOf(target) })),
  ].map(({ name, ink }, n) => {
    const left = size.left + (n % 5) * 178;
    const top = size.height - 28 + Math.floor(n / 5) * 18;
    return `<rect x="${left}" y="${top - 9}" width="10" height="10" fill="${ink}"/><text x="${left + 15}" y="${top}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    `<text x="${size.left}" y="22" font-size="15">${title}</text>`,
    `<line x1="${size.left}" x2="${size.width - size.right}" y1="${floor}" y2="${floor}" stroke="#000"/>`,
    `<text x="${size.left - 6}" y="${y(most)}" text-anchor="end">${most}</text>`,
    `<text x="${size.left - 6}" y="${floor}" text-anchor="end">0</text>`,
    `<text x="${size.width - size.right}" y="${floor + 24}" text-anchor="end">${Math.round(lastAt)} s</text>`,
    ...ticks,
    line('published'),
    line('announced'),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

const round = (value: number) => Math.round(value * 10) / 10;
