/**
 * The resolved and typed program: what every later room reads. Plain data.
 *
 * Resolution has already replaced constants and params by their values, expanded named and
 * left-out arguments to full arity, inferred every column, split rules with several heads (they
 * share a body; each keeps the origin), and moved complex arguments out of body atoms: an atom's
 * argument is a variable, a constant or a wildcard, and what the user wrote there stands beside it
 * as an `assign` or `condition`. Names made up on the way are legal identifiers that no name of the
 * program equals, so a printed program parses to itself; `isMadeUp` knows them, and aggregates do
 * not count them.
 */
import type { Span } from '../base/span.js';
import type { Row, Value } from '../base/value.js';
import type { Remarks } from './remarks.js';
import type { FunctionFile } from './source-links.js';
import type { Type } from './types.js';

export interface Program {
  /** The file's base name, e.g. `seat-desk.bloom`. */
  readonly name: string;
  /** In order of declaration, then of first use. Built-in relations stand in it only when used. */
  readonly relations: ReadonlyMap<string, Relation>;
  readonly rules: readonly Rule[];
  readonly facts: readonly Fact[];
  /** Functions from TypeScript, in order of declaration. */
  readonly functions: readonly ExternFunction[];
  /** Params with the values in force (defaults or `--set`), for the fingerprint and for printing. */
  readonly params: readonly { readonly name: string; readonly value: Value }[];
  /** Names of the observables (outputs and views, or the relations that no rule reads), sorted. */
  readonly observables: readonly string[];
  /** What it says about itself. */
  readonly remarks: Remarks;
}

/** A function that the program takes from TypeScript. Deterministic and synchronous by contract. */
export interface ExternFunction {
  /** As the program calls it; behind an alias in an instance. */
  readonly name: string;
  /** As its file exports it. */
  readonly exportName: string;
  readonly parameters: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
  /** What it promises, sorted; one that promises nothing is opaque to the analysis. */
  readonly properties: readonly string[];
  /** As written. */
  readonly path: string;
  /** Null if the program was compiled without its files. */
  readonly file: FunctionFile | null;
  readonly doc: string | null;
  readonly span: Span;
}

export type RelationKind =
  | 'table'
  | 'scratch'
  | 'static'
  | 'input'
  | 'output'
  | 'view'
  | 'channel'
  | 'loopback'
  /** One value that only grows: one column, no key, always exactly one tuple. */
  | 'lattice'
  | 'periodic';

/** Relations that the language gives: their kind says how they behave, this says who fills them. */
export type BuiltinRelation =
  | 'stdin'
  | 'stdout'
  | 'stderr'
  | 'halt'
  | 'self'
  | 'now'
  | 'boot'
  | 'cluster'
  /** Holds once what a rule reads of the whole cluster is complete; no program can name it. */
  | 'barrier'
  /** What a body's `sealed p(k)` reads; its columns are the sealed ones. */
  | 'sealed';

export interface Relation {
  readonly name: string;
  readonly kind: RelationKind;
  readonly columns: readonly Column[];
  /** The first `keyLength` columns are the key; equal to `columns.length` without `=>`. */
  readonly keyLength: number;
  /** Whether `=>` was written. */
  readonly hasKey: boolean;
  /** Index of the `@` column; null for a relation that is local to every node. */
  readonly location: number | null;
  /** Indexes of the columns whose values decide which node of the cluster owns a tuple, in the order of `partition by`; null for any other relation. */
  readonly partition: readonly number[] | null;
  readonly builtin: BuiltinRelation | null;
  /** Of a table, lattice or channel: outlives the process where a node has a data directory. */
  readonly durable: boolean;
  /** False for a relation whose declaration was inferred from use. */
  readonly declared: boolean;
  /** Of a `periodic`, in milliseconds. */
  readonly periodMs: number | null;
  /**
   * Whether its tuples depend on an event of the timestep (growth class E): inputs, channels,
   * loopbacks, periodics, and everything not stored that a rule derives from one of them.
   * An event-driven output is released in every timestep in which it holds, a standing one when
   * it begins to hold.
   */
  readonly eventDriven: boolean;
  /** Shown to the outside as output (released) or view (changes); null if it is not observable. */
  readonly observable: 'output' | 'view' | null;
  readonly doc: string | null;
  readonly span: Span;
  /** Set for a relation that the compiler made up. */
  readonly madeFrom?: MadeFrom;
  /** Set for a table with rows of which the program does not tell: from a file of facts, say. */
  readonly hasGivenRows?: true;
}
/** What a relation of the compiler's own stands for. */
export interface MadeFrom {
  /** A relation of the program. */
  readonly relation: string;
  /** How its tuples come there, as a participle. */
  readonly how: string;
}
export interface Column {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

export interface Fact {
  readonly relation: string;
  readonly row: Row;
  /** The label, or `relation#n` counted with the rules of that head. */
  readonly name: string;
  readonly span: Span;
}

/** Where a rule came from: what errors and reports speak of. */
export interface Origin {
  /** Name of the rule in the source. */
  readonly rule: string;
  readonly span: Span;
  /** The rewrite that made or changed this rule; null for a rule as written. */
  readonly rewrite: string | null;
}

export type HeadMode = 'now' | 'next' | 'async' | 'delete' | 'upsert';

export interface Rule {
  /** Position in `Program.rules`; the one name of a rule inside the compiler. */
  readonly id: number;
  /** The label, or `relation#n`; several heads under one label share it. */
  readonly name: string;
  /** Whether the name is a label that the user wrote. */
  readonly labelled: boolean;
  readonly head: Head;
  /** Alternatives; at least one. Every head variable is bound in each. */
  readonly bodies: readonly Body[];
  /** Whether some argument of the head is an aggregate. */
  readonly aggregated: boolean;
  /** Whether a body literal reads an event-driven relation. */
  readonly eventDriven: boolean;
  readonly doc: string | null;
  readonly origin: Origin;
}
export interface Head {
  readonly relation: string;
  readonly mode: HeadMode;
  /** One a column. */
  readonly arguments: readonly HeadArgument[];
  readonly span: Span;
}
export type HeadArgument =
  /** A wildcard only in `delete`, where it matches every value. */
  | { readonly kind: 'term'; readonly term: Term }
  | {
      readonly kind: 'aggregate';
      readonly function: AggregateName;
      readonly arguments: readonly Term[];
      readonly type: Type;
      readonly span: Span;
    };

export type AggregateName =
  | 'count'
  | 'count_distinct'
  | 'sum'
  | 'min'
  | 'max'
  | 'list'
  | 'set'
  | 'argmin'
  | 'argmax'
  | 'avg'
  | 'choose'
  | 'any'
  | 'every'
  | 'map'
  | 'top';

export interface Body {
  /** In an order in which every literal's inputs are bound by those before it (source order otherwise). */
  readonly literals: readonly Literal[];
  readonly span: Span;
}
export type Literal =
  | {
      readonly kind: 'atom';
      readonly negated: boolean;
      readonly relation: string;
      /** One a column. In a negated atom variables are bound elsewhere and wildcards existential. */
      readonly arguments: readonly AtomArgument[];
      readonly span: Span;
    }
  /** A term of type bool that must be true. */
  | { readonly kind: 'condition'; readonly term: Term; readonly span: Span }
  /** Binds `variable`, which nothing before it binds, to the value of `term`. */
  | {
      readonly kind: 'assign';
      readonly variable: Variable;
      readonly term: Term;
      readonly span: Span;
    }
  /** Takes a tuple or list apart; fails to match quietly on another length. */
  | { readonly kind: 'match'; readonly pattern: Pattern; readonly term: Term; readonly span: Span }
  /** `pattern in collection`: over lists, sets and (as pairs) maps. Negated: no element equals it. */
  | {
      readonly kind: 'member';
      readonly negated: boolean;
      readonly pattern: Pattern;
      readonly collection: Term;
      readonly span: Span;
    };

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}
export interface Constant {
  readonly kind: 'constant';
  readonly value: Value;
  readonly type: Type;
  readonly span: Span;
}
export interface Wildcard {
  readonly kind: 'wildcard';
  readonly type: Type;
  readonly span: Span;
}
export type AtomArgument = Variable | Constant | Wildcard;
/**
 * Inside a pattern a variable bound before is an equality test, another one is bound.
 * In a negated membership every variable is bound before.
 */
export type Pattern =
  | Variable
  | Constant
  | Wildcard
  | {
      readonly kind: 'pattern';
      readonly shape: 'tuple' | 'list';
      readonly items: readonly Pattern[];
      readonly span: Span;
    };

export type Term =
  | Variable
  | Constant
  | Wildcard
  /** An operator or function of `builtins/`; operators go by their symbol, unary minus by `neg`, `!` by `not`. */
  | {
      readonly kind: 'apply';
      readonly function: string;
      readonly arguments: readonly Term[];
      readonly type: Type;
      readonly span: Span;
    }
  /** Evaluates only the branch taken. `a && b` is `if a then b else false`, `a || b` is `if a then true else b`. */
  | {
      readonly kind: 'if';
      readonly condition: Term;
      readonly then: Term;
      readonly else: Term;
      readonly type: Type;
      readonly span: Span;
    }
  | {
      readonly kind: 'tuple' | 'list' | 'set';
      readonly items: readonly Term[];
      readonly type: Type;
      readonly span: Span;
    }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [Term, Term])[];
      readonly type: Type;
      readonly span: Span;
    };
