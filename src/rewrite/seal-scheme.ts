/**
 * How one seal is carried out: who promises, who listens, and under which names.
 *
 * A relation that is sent (some `@async` rule derives it) *travels*: its producers are the nodes that
 * send, and whoever reads `sealed r(k)` has to hear from each of them that it is done, and how many
 * tuples it sent. Any other relation is at each node the node's own, and without `from` so is the
 * promise: nothing is sent. With `from` the named nodes' words are waited for, though no tuples
 * come with them.
 */
import { isSent } from '../analysis/unsealable.js';
import type { Span } from '../base/span.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import type { Program, Relation, Variable } from '../semantics/program.js';
import { addrType } from '../semantics/relate-types.js';
import type { Seal } from '../semantics/remarks.js';
import { variable } from './program-draft.js';
import type { Shape } from './program-draft.js';

export interface SealScheme {
  readonly seal: Seal;
  readonly relation: Relation;
  readonly travels: boolean;
  /** Whether words of other nodes are waited for. */
  readonly listens: boolean;
  /** One variable a column of the relation. */
  readonly row: readonly Variable[];
  /** Those of the sealed columns, in the order of the seal. */
  readonly key: readonly Variable[];
  /** The node that evaluates a rule, where it is a producer. */
  readonly producer: Variable;
  /** The node that is told. */
  readonly reader: Variable;
  readonly span: Span;
  /** A name for a variable or column that is none of those above. */
  readonly spare: (name: string) => string;
}

/** The shape of a scratch that holds tuples of the sealed relation. */
export function copyShape({ relation, span }: SealScheme): Shape {
  const { columns, durable } = relation;
  return { kind: 'scratch', columns, location: null, keyLength: null, durable, doc: null, span };
}

/** The seals that some `sealed` literal of the program reads, in source order. */
export function sealsRead(program: Program): readonly Seal[] {
  const read = new Set<string>();
  for (const { bodies } of program.rules)
    for (const { literals } of bodies)
      for (const literal of literals) {
        const sealed = literal.kind === 'atom' ? nameOfSealed(literal.relation) : null;
        if (sealed !== null) read.add(sealed);
      }
  return program.remarks.seals.filter(({ relation }) => read.has(relation));
}

/** The seal that a relation of the kind `sealed r` is about; null for any other relation. */
export function sealBehind({ remarks }: Program, relation: string): Seal | null {
  const sealed = nameOfSealed(relation);
  return remarks.seals.find((seal) => seal.relation === sealed) ?? null;
}

export function schemeOf(program: Program, seal: Seal): SealScheme {
  const relation = program.relations.get(seal.relation)!;
  const { span } = seal;
  const sealed = seal.columns ?? [];
  const taken = new Set([
    ...program.params.map(({ name }) => name),
    ...[...program.relations.keys()].flatMap((name) => name.split('.').slice(0, -1)),
  ]);
  const spare = (name: string): string => {
    let free = name;
    while (taken.has(free)) free += '_';
    taken.add(free);
    return free;
  };
  // The condition of the seal names the sealed columns, and the producer.
  for (const column of sealed) taken.add(relation.columns[column]!.name);
  const named = seal.producers?.variable;
  if (named !== undefined) taken.add(named);
  const row = relation.columns.map(({ name, type }, i) =>
    variable(sealed.includes(i) ? name : spare(name), type, span),
  );
  const travels = isSent(program, seal.relation);
  const place = relation.location;
  const own = place !== null && !travels ? row[place]!.name : null;
  // Who is told of a key that names its reader is that reader alone.
  const isKeyed = place !== null && travels && sealed.includes(place);
  return {
    seal,
    relation,
    travels,
    listens: travels || seal.producers !== null,
    row,
    key: sealed.map((column) => row[column]!),
    producer: variable(own ?? named ?? spare('by'), addrType, span),
    reader: isKeyed ? row[place]! : variable(spare('at'), addrType, span),
    span,
    spare,
  };
}
