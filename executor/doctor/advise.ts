import type { ExaminedWall } from '../../execution/doctor-report.ts';

/** What is said of a wall that does not hold, and what to do about it; the first that fits. */
const advices: readonly (readonly [kind: ExaminedWall['kind'], problem: RegExp, advice: string])[] = [
  [
    'cloud-run-sandbox',
    /no sandbox launcher/,
    'Only jobs of Cloud Run have it: set sandboxLauncher for the container (gcloud beta run jobs update --sandbox-launcher).',
  ],
  ['bubblewrap', /cannot be started.*ENOENT/, 'Install bubblewrap 0.8 or newer (Debian: apt-get install bubblewrap).'],
  [
    'bubblewrap',
    /uid map: Permission denied|Failed RTM_NEWADDR/,
    'AppArmor keeps users from namespaces: load its profile bwrap-userns-restrict, or set kernel.apparmor_restrict_unprivileged_userns=0.',
  ],
  [
    'bubblewrap',
    /Can't mount proc/,
    'The container masks parts of /proc: start it with --security-opt unmask=ALL (podman) or systempaths=unconfined (docker).',
  ],
  [
    'bubblewrap',
    /No permissions to create a new namespace|Creating new namespace failed|Operation not permitted/,
    'Allow user namespaces: user.max_user_namespaces above 0, kernel.unprivileged_userns_clone=1, and a seccomp profile of the container that lets unshare and clone pass.',
  ],
  ['bubblewrap', /of the wall's agent can be/, 'Set fs.suid_dumpable to 0 or 2.'],
  [
    'container',
    /needs an executor that is root/,
    'Start the executor as root in its container; commands never run as root.',
  ],
  ['container', /util-linux/, 'Install util-linux in the image.'],
  [
    'container',
    /no container of this executor alone/,
    'Run the executor in a container of its own, with its own process namespace and nothing else in it.',
  ],
  [
    'container',
    /metadata server can be reached/,
    'Start the container without a network, or keep 169.254.169.254 and fd20:ce::254 from it.',
  ],
  ['cloud-run-sandbox', /executor that is root/, 'Start the executor as root: the launcher needs it.'],
];

const otherwise =
  'What was found must not be possible here: change the machine or the container, or take another wall.';

export function adviseOnWall(kind: ExaminedWall['kind'], because: string): string {
  return advices.find(([of, problem]) => of === kind && problem.test(because))?.[2] ?? otherwise;
}
