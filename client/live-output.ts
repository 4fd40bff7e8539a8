import { topics } from '../infra/topology.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { createOutputAssembler, type FinalOutput, type OutputPiece } from './assemble-output.ts';
import type { ClientPorts, IncomingMessage } from './client-ports.ts';

export interface LiveOutput {
  /** Resolves when chunks that are published from then on are heard. */
  readonly ready: Promise<unknown>;
  /** Gives what was missed. What `onPiece` throws passes through. */
  finish(final: FinalOutput): void;
  /** Resolves when nothing is left behind. */
  stop(): Promise<void>;
}

/**
 * Gives the output of an execution piece by piece while it runs. Live output that fails after it was ready is no error:
 * what it misses is given at the end.
 */
export function listenToOutput(
  ports: Pick<ClientPorts, 'listen'>,
  executionId: string,
  { onPiece, onThrown }: { onPiece: (piece: OutputPiece) => void; onThrown: (error: unknown) => void },
): LiveOutput {
  const assembler = createOutputAssembler();
  const onMessage = ({ data, attributes }: IncomingMessage) => {
    const chunk = parseMessage('output-chunk.v1', data, attributes);
    if (!chunk.ok || chunk.message.executionId !== executionId) return;
    try {
      for (const piece of assembler.accept(chunk.message)) onPiece(piece);
    } catch (error) {
      onThrown(error);
    }
  };
  const ready = ports.listen(topics.output, `attributes.executionId = "${executionId}"`, onMessage, () => {});
  return {
    ready,
    finish(final) {
      for (const piece of assembler.finish(final)) onPiece(piece);
    },
    stop: async () => (await ready).close(),
  };
}
