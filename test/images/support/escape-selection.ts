import type { Seen } from '../../escape/hostile-command.ts';

interface Difference {
  readonly why: string;
  /** What must be seen instead. */
  readonly seen: Seen;
}

const processList =
  'engines cover parts of /proc, and then the kernel mounts no other: what is listed are the processes of the container, which are the executor and those of the command';
const noNetwork = 'this wall has no network to give, and a command that asks for one is not run';
const refused: Seen = { isRefused: true, ends: ['launch-failed'], stdout: '' };

/**
 * What ends otherwise behind the wall `container` than behind bubblewrap, by what a hostile command tries. All of it is tried
 * there too; what is not here must be seen as everywhere.
 */
export const behindContainer: Readonly<Record<string, Difference>> = {
  'finds the executor by its number on the host': {
    why: `${processList}; it can be found, and not signalled`,
    seen: { stdout: 'worked: 3\nclosed\n' },
  },
  'reads the arguments of all processes for paths and names of the host': {
    why: `${processList}; the arguments of the executor name its program in the image, and nothing of the host`,
    seen: { stdout: 'worked: 0\nclosed\n' },
  },
  'counts the processes that it sees': {
    why: `${processList}: the first process, the executor and the shell`,
    seen: { stdout: '3\n' },
  },
  'looks for devices of the machine': {
    why: 'the engine mounts /dev with a folder for message queues, which the wall covers with an empty one',
    seen: { stdout: 'mqueue\nclosed\n' },
  },
  'reads what is not its own from its standard streams': {
    why: 'the folders of the executor keep their names',
    seen: { stdout: /^0\n\/dev\/null\n(\/scratch\/executor-\w{6}\/pipes)\/stdout\n\1\/stderr\n$/ },
  },
  'reads homes, credentials and password files of the host': {
    why: 'the image has an empty /home, and /var/lib and /var/log of its own',
    seen: { stdout: 'worked: 2\nworked: 5\nclosed\n' },
  },
  'looks for the names of folders of the host among its mounts': {
    why: 'only the workspace is bound; the other folders of the executor keep their names',
    seen: { stdout: '1\n' },
  },
  'was given the internet and asks the proxy for the metadata server, however it is written': {
    why: noNetwork,
    seen: refused,
  },
  'was given the internet and asks the proxy for servers of this machine and of its networks': {
    why: noNetwork,
    seen: refused,
  },
  'was given the internet and says one server to the proxy and another one to whoever answers': {
    why: noNetwork,
    seen: refused,
  },
  'was given the internet and goes past the proxy': { why: noNetwork, seen: refused },
};
