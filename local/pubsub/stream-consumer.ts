import type { GrpcStatusError } from '../grpc-server.ts';
import type { Consumer, Delivery } from './consumer.ts';

export interface StreamLimits {
  /** Zero or less: no limit, as the protocol has it. */
  readonly maxOutstandingMessages: number;
  readonly maxOutstandingBytes: number;
}

export interface StreamOutput {
  write(deliveries: readonly Delivery[]): boolean;
  end(reason: GrpcStatusError): void;
}

/** Keeps one response well below what clients accept. */
const maxResponseBytes = 4 * 1024 * 1024;
const maxResponseMessages = 1000;

/** One streaming pull as a consumer, with its own flow control. */
export class StreamConsumer implements Consumer {
  readonly isConnection = true;
  readonly takesBatches = true;
  ackDeadlineMs: number;
  readonly #limits: StreamLimits;
  readonly #output: StreamOutput;
  #messages = 0;
  #bytes = 0;
  #clogged = false;

  constructor(ackDeadlineMs: number, limits: StreamLimits, output: StreamOutput) {
    this.ackDeadlineMs = ackDeadlineMs;
    this.#limits = limits;
    this.#output = output;
  }

  hasRoom(): boolean {
    const { maxOutstandingMessages, maxOutstandingBytes } = this.#limits;
    if (this.#clogged) return false;
    if (maxOutstandingMessages > 0 && this.#messages >= maxOutstandingMessages) return false;
    return maxOutstandingBytes <= 0 || this.#bytes < maxOutstandingBytes;
  }

  leased(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
  }

  released(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
  }

  send(deliveries: readonly Delivery[]): void {
    let start = 0;
    let bytes = 0;
    for (const [index, { message }] of deliveries.entries()) {
      if (index > start && (index - start >= maxResponseMessages || bytes + message.bytes > maxResponseBytes)) {
        this.#write(deliveries.slice(start, index));
        start = index;
        bytes = 0;
      }
      bytes += message.bytes;
    }
    this.#write(start === 0 ? deliveries : deliveries.slice(start));
  }

  /** The transport took what it had: messages may flow again. */
  drained(): void {
    this.#clogged = false;
  }

  end(reason: GrpcStatusError): void {
    this.#output.end(reason);
  }

  /** A client that does not read gets no more messages; they go to others instead of waiting here under a lease. */
  #write(deliveries: readonly Delivery[]): void {
    if (!this.#output.write(deliveries)) this.#clogged = true;
  }
}
