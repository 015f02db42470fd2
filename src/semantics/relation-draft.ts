/**
 * A relation while the program is being checked. Its columns' types are filled in by inference,
 * everything else is settled when names are resolved.
 */
import type { Span } from '../base/span.js';
import type { Relation } from './program.js';
import { unknownType } from './relate-types.js';
import type { Type } from './types.js';

export interface ColumnDraft {
  readonly name: string;
  /** Whether no type was written, so that inference may set it. */
  readonly inferred: boolean;
  type: Type;
  /** What gave the column its type: the declaration, or the first source that inference saw. */
  typedAt: Span;
  /** Two sources disagreed and that was reported; the type stays unknown. */
  poisoned: boolean;
  readonly span: Span;
}

export interface RelationDraft extends Omit<Relation, 'columns' | 'eventDriven' | 'observable'> {
  readonly columns: readonly ColumnDraft[];
  /** Where the number of columns comes from: the declaration or the first use. */
  readonly shapedAt: Span;
}

/** A column as declared, or, with a null type, as inference shall find it. */
export function columnDraft(name: string, type: Type | null, span: Span): ColumnDraft {
  return {
    name,
    inferred: type === null,
    type: type ?? unknownType,
    typedAt: span,
    poisoned: false,
    span,
  };
}

/** `table`, `an input`: with its article, for messages. */
export function kindPhrase(kind: string): string {
  return /^[aeio]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** `p(a, b)`: how a use of the relation looks. */
export function relationShape(relation: RelationDraft): string {
  return `${relation.name}(${relation.columns.map((column) => column.name).join(', ')})`;
}
