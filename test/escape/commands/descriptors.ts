import { attempts, type HostileCommand } from '../hostile-command.ts';

export const descriptorCommands: readonly HostileCommand[] = [
  {
    subject: 'descriptors',
    tries: 'looks for descriptors that were left open',
    command: `for fd in /proc/$$/fd/*; do echo \${fd##*/}; done | sort -n | head -3 | tr '\\n' ' '
      for n in {3..1023}; do [[ -e /proc/$$/fd/$n && $n != 255 ]] && readlink /proc/$$/fd/$n; done; echo closed`,
    seen: { stdout: '0 1 2 closed\n' },
  },
  {
    subject: 'descriptors',
    tries: "opens the agent's descriptors",
    command: attempts(
      'ls /proc/1/fd/ | grep .',
      'cat /proc/1/fdinfo/7',
      'ls /proc/1/task/1/fd/ | grep .',
      ': > /proc/1/fd/8',
      ': < /proc/1/fd/7',
      ': < /dev/fd/../../1/fd/7',
    ),
  },
  {
    subject: 'descriptors',
    tries: 'reads what is not its own from its standard streams',
    command: `timeout 0.2 cat @RUN@/pipes/stdout | wc -c; readlink /proc/self/fd/0; for n in 1 2; do readlink /proc/$$/fd/$n; done`,
    seen: { stdout: '0\n/dev/null\n/run/sandbus/pipes/stdout\n/run/sandbus/pipes/stderr\n' },
  },
  {
    subject: 'descriptors',
    tries: 'looks for the variables of services, clouds and agents',
    command: attempts(
      'env | grep -iE "sandbus|google|gcloud|emulator|aws_|azure|token|secret|ssh_|dbus|node_|lease|bash_env"',
    ),
  },
  {
    subject: 'descriptors',
    tries: 'looks for host paths and variables in the arguments of the wall',
    command: attempts('tr "\\0" "\\n" < /proc/1/cmdline | grep -aE "setenv|bind|workspace|executor-"'),
  },
  {
    subject: 'descriptors',
    tries: 'finds sockets of services by their paths',
    command: attempts(
      ...[
        '/run/docker.sock',
        '/var/run/docker.sock',
        '/run/containerd/containerd.sock',
        '/run/systemd/private',
        '/run/dbus/system_bus_socket',
        '/run/user',
        '/tmp/.X11-unix',
        '/run/snapd.socket',
      ].map((path) => `ls ${path}`),
    ),
  },
];
