import type { Micros } from './micros.ts';
import type { Fields } from './value.ts';

export interface StoredDocument {
  /** Path below `documents/`. */
  readonly path: string;
  readonly fields: Fields;
  readonly createTime: Micros;
  readonly updateTime: Micros;
}
