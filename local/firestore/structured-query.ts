import type { Value } from './value.ts';

/** A query as the wire carries it, with defaults filled in. */
export interface StructuredQuery {
  readonly select: { readonly fields: readonly FieldReference[] } | null;
  readonly from: readonly CollectionSelector[];
  readonly where: Filter | null;
  readonly orderBy: readonly Order[];
  readonly startAt: Cursor | null;
  readonly endAt: Cursor | null;
  readonly offset: number;
  readonly limit: { readonly value: number } | null;
  readonly findNearest?: object | null;
}

export interface CollectionSelector {
  /** Empty: collections of any id, which only makes sense with `allDescendants`. */
  readonly collectionId: string;
  readonly allDescendants: boolean;
}

export interface FieldReference {
  readonly fieldPath: string;
}

export interface Order {
  readonly field: FieldReference | null;
  readonly direction: 'DIRECTION_UNSPECIFIED' | 'ASCENDING' | 'DESCENDING';
}

export interface Cursor {
  readonly values: readonly Value[];
  /** Whether the position is just before the values, or just after them. */
  readonly before: boolean;
}

export type FieldOperator =
  | 'LESS_THAN'
  | 'LESS_THAN_OR_EQUAL'
  | 'GREATER_THAN'
  | 'GREATER_THAN_OR_EQUAL'
  | 'EQUAL'
  | 'NOT_EQUAL'
  | 'ARRAY_CONTAINS'
  | 'IN'
  | 'ARRAY_CONTAINS_ANY'
  | 'NOT_IN';

export type UnaryOperator = 'IS_NAN' | 'IS_NULL' | 'IS_NOT_NAN' | 'IS_NOT_NULL';

export interface FieldFilter {
  readonly field: FieldReference | null;
  readonly op: FieldOperator | 'OPERATOR_UNSPECIFIED';
  readonly value: Value | null;
}

export interface UnaryFilter {
  readonly op: UnaryOperator | 'OPERATOR_UNSPECIFIED';
  readonly field?: FieldReference;
}

/** Exactly one is set. */
export interface Filter {
  readonly compositeFilter?: {
    readonly op: 'OPERATOR_UNSPECIFIED' | 'AND' | 'OR';
    readonly filters: readonly Filter[];
  };
  readonly fieldFilter?: FieldFilter;
  readonly unaryFilter?: UnaryFilter;
}
