import type { ErrorCode } from '../execution/error-codes.ts';
import { PipelineError } from '../execution/pipeline-error.ts';

type ContainerCode = Extract<ErrorCode, `container/${string}`>;

/**
 * What docker and podman say when they fail. They have one exit code for all of it (125), so only the text tells; the first
 * row that fits counts, and what fits none is `container/failed`.
 */
const sentences: readonly (readonly [said: RegExp, code: ContainerCode])[] = [
  [/already in use/i, 'container/name-taken'],
  [/no such (?:container|object)|no container with (?:name|id)/i, 'container/unknown'],
  [
    /no such image|image not known|unable to find image|manifest unknown|pull access denied|repository does not exist|short-name/i,
    'container/image-missing',
  ],
  [/no space left|cannot allocate memory|too many open files|resource temporarily unavailable/i, 'container/no-room'],
  [/permission denied|unauthorized|authentication required|access denied/i, 'container/denied'],
  [
    /cannot connect|connection refused|connection reset|is the docker daemon running|i\/o timeout|tls handshake|no such host|context deadline/i,
    'container/unreachable',
  ],
];

const codes = {
  'program-missing': 'container/program-missing',
  unreachable: 'container/unreachable',
  failed: 'container/failed',
} as const satisfies Record<string, ContainerCode>;

/** @param said what the program wrote, or what happened to the call itself */
export function containerError(said: keyof typeof codes | (string & {}), message: string, cause?: unknown) {
  const code = Object.hasOwn(codes, said) ? codes[said as keyof typeof codes] : codeOf(said);
  return new PipelineError(code, message.slice(0, 2000), { cause });
}

const codeOf = (said: string): ContainerCode => sentences.find(([form]) => form.test(said))?.[1] ?? 'container/failed';
