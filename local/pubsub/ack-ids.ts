/** What an ack id says: which message, and which of all leases. */
export interface AckId {
  readonly seq: number;
  readonly lease: number;
}

/** The ack ids of one backlog. Their prefix tells them from those of another subscription. */
export class AckIds {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  format({ seq, lease }: AckId): string {
    return `${this.#prefix}${seq.toString(36)}-${lease.toString(36)}`;
  }

  /** Whether this backlog can have given the id out. */
  isOwn(ackId: string): boolean {
    return ackId.startsWith(this.#prefix) && /^[0-9a-z]+-[0-9a-z]+$/.test(ackId.slice(this.#prefix.length));
  }

  parse(ackId: string): AckId {
    const [seq = '', lease = ''] = ackId.slice(this.#prefix.length).split('-');
    return { seq: Number.parseInt(seq, 36), lease: Number.parseInt(lease, 36) };
  }
}
