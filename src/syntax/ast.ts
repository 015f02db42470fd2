/**
 * The abstract syntax of `.bloom` text, as the parser builds it and the printer prints it.
 * Nothing is resolved here: names are text, an identifier in a term position is a `name` whether
 * it will turn out to be a variable or a constant, and `f(x)` in a body is a `call` whether `f`
 * is a relation or a function. Printing and parsing again gives the same tree, spans apart.
 */
import type { SourceFile, Span } from '../base/span.js';
import type { Value } from '../base/value.js';

export interface Module {
  readonly file: SourceFile;
  readonly statements: readonly Statement[];
}
export type Statement =
  | Declaration
  | PeriodicDeclaration
  | Definition
  | Clause
  | Seal
  | Assumption
  | Coordination
  | Invariant
  | ModuleDeclaration
  | Import
  | Include
  | Use
  | ExternFunction;

export interface Identifier {
  readonly text: string;
  readonly span: Span;
}

// ---- declarations -------------------------------------------------------------------------

export type CollectionKind =
  | 'table'
  | 'scratch'
  | 'static'
  | 'input'
  | 'output'
  | 'view'
  | 'channel'
  | 'loopback'
  | 'lattice';

/**
 * `table kv(key: string => value: string);` or, without columns, `table kv;`
 * `lattice seen: lset<addr>;` has one column, `value`, and an empty key.
 */
export interface Declaration {
  readonly kind: 'declaration';
  readonly collection: CollectionKind;
  readonly durable: boolean;
  readonly name: Identifier;
  /** Null where the column list is left out. */
  readonly columns: readonly ColumnDeclaration[] | null;
  /** How many columns stand left of `=>`; null without `=>`. */
  readonly keyLength: number | null;
  /** `partition by (src)`: one relation of the whole cluster, spread over its nodes by these columns; null without. */
  readonly partition: Partition | null;
  /** Text of the `///` lines before it, joined by line feeds. */
  readonly doc: string | null;
  readonly span: Span;
}
export interface Partition {
  readonly columns: readonly Identifier[];
  readonly span: Span;
}
/** The name of the one column of a `lattice`. */
export const latticeColumn = 'value';

export interface ColumnDeclaration {
  readonly name: Identifier;
  /** Marked `@`: the tuple lives at the node that this column names. */
  readonly located: boolean;
  /** Null where the type is left out. */
  readonly type: TypeExpression | null;
  readonly span: Span;
}
/** `periodic heartbeat(500ms);` The period is a constant term. */
export interface PeriodicDeclaration {
  readonly kind: 'periodic';
  readonly name: Identifier;
  readonly period: Term;
  readonly doc: string | null;
  readonly span: Span;
}
/** `const quorum = 2;`, `param retries: int = 3;` */
export interface Definition {
  readonly kind: 'const' | 'param';
  readonly name: Identifier;
  readonly type: TypeExpression | null;
  /** Null only for a param without default. */
  readonly value: Term | null;
  /** Where modules are expanded: the default that a `use` has set aside. It still says the type. */
  readonly replaced?: Term;
  readonly doc: string | null;
  readonly span: Span;
}
/** `int`, `list<T>`, `map<K, V>`; a tuple type has the name `()`. */
export interface TypeExpression {
  readonly name: string;
  readonly arguments: readonly TypeExpression[];
  readonly span: Span;
}

// ---- modules and functions ------------------------------------------------------------------

/** `module Name { ... }` */
export interface ModuleDeclaration {
  readonly kind: 'module';
  readonly name: Identifier;
  readonly statements: readonly Statement[];
  readonly doc: string | null;
  readonly span: Span;
}
/** A path in quotes; `text` is what it says. */
export interface PathText {
  readonly text: string;
  readonly span: Span;
}
/** `import "./delivery.bloom";` brings the modules of a file. */
export interface Import {
  readonly kind: 'import';
  readonly path: PathText;
  readonly doc: string | null;
  readonly span: Span;
}
/** `include "./rules.bloom";` puts the statements of a file where it stands. */
export interface Include {
  readonly kind: 'include';
  readonly path: PathText;
  readonly doc: string | null;
  readonly span: Span;
}
/** `use ReliableDelivery as rd (every = 50ms);` */
export interface Use {
  readonly kind: 'use';
  readonly module: Identifier;
  readonly alias: Identifier;
  readonly settings: readonly Setting[];
  readonly doc: string | null;
  readonly span: Span;
}
export interface Setting {
  readonly name: Identifier;
  readonly value: Term;
}
/** `extern function hash(x: string): int from "./hash.ts" injective;` */
export interface ExternFunction {
  readonly kind: 'extern';
  readonly name: Identifier;
  readonly parameters: readonly { readonly name: Identifier; readonly type: TypeExpression }[];
  readonly result: TypeExpression;
  readonly path: PathText;
  /** `monotone`, `antitone`, `morphism`, `injective`, as written. */
  readonly properties: readonly Identifier[];
  readonly doc: string | null;
  readonly span: Span;
}

// ---- facts and rules ----------------------------------------------------------------------

/** `[label :] heads [:- body] ;` Without a body it states facts. */
export interface Clause {
  readonly kind: 'clause';
  readonly label: Identifier | null;
  readonly heads: readonly Head[];
  /** Alternatives separated by `|`; null for a fact. */
  readonly body: readonly Conjunction[] | null;
  readonly doc: string | null;
  readonly span: Span;
}
export interface Head {
  readonly action: 'derive' | 'delete' | 'upsert';
  /** `@next`, `@async`, or none. */
  readonly time: 'now' | 'next' | 'async';
  readonly relation: Identifier;
  readonly arguments: readonly HeadArgument[];
  readonly span: Span;
}
export type HeadArgument =
  | {
      readonly kind: 'term';
      readonly name: Identifier | null;
      readonly term: Term;
      readonly span: Span;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: Identifier | null;
      readonly function: Identifier;
      /** Empty for `count<*>`. */
      readonly arguments: readonly Term[];
      readonly span: Span;
    };
export interface Conjunction {
  readonly literals: readonly Literal[];
  readonly span: Span;
}
export type Literal =
  | {
      /** `notin p(..)`. A positive literal is a `condition` whose term is a `call`. `!p(..)` is parsed as a
       *  `condition` with a unary `!` over a `call`; the names decide whether it is a negation. */
      readonly kind: 'negation';
      readonly relation: Identifier;
      readonly arguments: readonly Argument[];
      readonly span: Span;
    }
  /** `sealed p(k)`. */
  | {
      readonly kind: 'sealed';
      readonly relation: Identifier;
      readonly arguments: readonly Argument[];
      readonly span: Span;
    }
  | { readonly kind: 'condition'; readonly term: Term; readonly span: Span }
  | { readonly kind: 'binding'; readonly pattern: Term; readonly term: Term; readonly span: Span }
  | {
      readonly kind: 'membership';
      readonly negated: boolean;
      readonly pattern: Term;
      readonly collection: Term;
      readonly span: Span;
    };
/** `p(t)` or `p(col: t)`. */
export interface Argument {
  readonly name: Identifier | null;
  readonly term: Term;
}

// ---- statements about a program -------------------------------------------------------------

/** `seal action on (session) from client(c) when done(session);` */
export interface Seal {
  readonly kind: 'seal';
  readonly relation: Identifier;
  /** The columns whose values are sealed one by one; null where the relation is sealed as a whole. */
  readonly on: readonly Identifier[] | null;
  /** Who promises; null for every node with a rule or an input for the relation. */
  readonly from: StatementAtom | null;
  readonly when: StatementAtom;
  readonly doc: string | null;
  readonly span: Span;
}
export interface StatementAtom {
  readonly relation: Identifier;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}
/** `assume win "losing is harmless";`; a rule without label is named in quotes: `"relation#n"`. */
export interface Assumption {
  readonly kind: 'assume';
  readonly rule: Identifier;
  readonly reason: string;
  readonly doc: string | null;
  readonly span: Span;
}
/** `coordinate seat order (seat);` */
export interface Coordination {
  readonly kind: 'coordinate';
  readonly relation: Identifier;
  readonly mechanism: CoordinationWord;
  /** Null where no columns are given. */
  readonly key: readonly Identifier[] | null;
  readonly doc: string | null;
  readonly span: Span;
}
export type CoordinationWord = 'auto' | 'none' | 'seal' | 'cut' | 'order';
/** `invariant agreement: !(decided(v1)@n1, decided(v2)@n2, v1 != v2);` */
export interface Invariant {
  readonly kind: 'invariant';
  readonly name: Identifier;
  /** What must never hold: alternatives separated by `|`. */
  readonly body: readonly PlacedConjunction[];
  readonly doc: string | null;
  readonly span: Span;
}
export interface PlacedConjunction {
  readonly literals: readonly PlacedLiteral[];
  readonly span: Span;
}
export interface PlacedLiteral {
  readonly literal: Literal;
  /** A variable or a string behind `@`; null without. */
  readonly place: Term | null;
}

// ---- terms --------------------------------------------------------------------------------

export type Term =
  | { readonly kind: 'name'; readonly text: string; readonly span: Span }
  | { readonly kind: 'wildcard'; readonly span: Span }
  /** `text` is the literal as written (`500ms`, `0x1f`), kept for printing. */
  | { readonly kind: 'constant'; readonly value: Value; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Term;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Term;
      readonly right: Term;
      readonly span: Span;
    }
  | {
      readonly kind: 'if';
      readonly condition: Term;
      readonly then: Term;
      readonly else: Term;
      readonly span: Span;
    }
  /** A function, or in a body literal a relation: which, the names decide. */
  | {
      readonly kind: 'call';
      readonly callee: Identifier;
      readonly arguments: readonly Argument[];
      readonly span: Span;
    }
  | {
      readonly kind: 'method';
      readonly receiver: Term;
      readonly method: Identifier;
      readonly arguments: readonly Term[];
      readonly span: Span;
    }
  | {
      readonly kind: 'tuple' | 'list' | 'set';
      readonly items: readonly Term[];
      readonly span: Span;
    }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [Term, Term])[];
      readonly span: Span;
    };

export type UnaryOperator = '-' | '!';
export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '++'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';
