/**
 * The pivot of a recursion: a column that every recursive body hands from the tuple it starts with
 * to the tuple it derives, as `x` in `r(x, z) :- r(x, y), e(y, z)`. Tuples with different words in
 * that column have nothing to do with each other, so each word can be closed by itself, in one walk
 * over its values that grows as it goes: no rounds, no marks, all of it in a few cache lines.
 *
 * Only recursions qualify whose bodies have one recursive atom each and cannot fail halfway.
 */
import type { Body, HeadArgument, Literal, Relation, Rule, Term } from '../semantics/program.js';
import { fitsSurely } from './fits-surely.js';

type Column = 0 | 1;

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** The pivot of the rules of a stratum with this one relation; null if there is none. */
export function findPivot(
  relation: Relation,
  rules: readonly Rule[],
  schemaOf: (relation: string) => Relation,
): Column | null {
  const isPlain =
    relation.columns.length === 2 && relation.keyLength === 2 && relation.kind !== 'table';
  if (!isPlain) return null;
  const recursive = rules.flatMap(({ head, bodies }) =>
    bodies.flatMap((body) => (atomsOf(body, relation.name).length > 0 ? [{ head, body }] : [])),
  );
  if (recursive.length === 0) return null;
  const keeps = (column: Column): boolean =>
    recursive.every(
      ({ head, body }) =>
        handsOn(head.arguments, body, relation.name, column) &&
        head.arguments.every(
          (argument, i) =>
            argument.kind === 'term' && fitsSurely(argument.term, relation.columns[i]!.type),
        ) &&
        body.literals.every((literal) => isSimple(literal, schemaOf)),
    );
  return ([0, 1] as const).find(keeps) ?? null;
}

function atomsOf(body: Body, relation: string): readonly (Literal & { kind: 'atom' })[] {
  return body.literals.flatMap((literal) =>
    literal.kind === 'atom' && literal.relation === relation ? [literal] : [],
  );
}

function handsOn(
  head: readonly HeadArgument[],
  body: Body,
  relation: string,
  column: Column,
): boolean {
  const [atom, ...others] = atomsOf(body, relation);
  if (atom === undefined || others.length > 0) return false;
  const [pivot, value] = [atom.arguments[column]!, atom.arguments[1 - column]!];
  if (pivot.kind !== 'variable' || value.kind !== 'variable' || value.name === pivot.name)
    return false;
  const [kept, made] = [head[column]!, head[1 - column]!];
  return (
    kept.kind === 'term' &&
    kept.term.kind === 'variable' &&
    kept.term.name === pivot.name &&
    made.kind === 'term' &&
    isVariableOrConstant(made.term)
  );
}

/** Whether the literal is an atom that is written out as a loop, or a test that cannot fail. */
function isSimple(literal: Literal, schemaOf: (relation: string) => Relation): boolean {
  if (literal.kind === 'atom') {
    const { columns, keyLength } = schemaOf(literal.relation);
    return columns.length < 3 && keyLength === columns.length;
  }
  if (literal.kind !== 'condition' || literal.term.kind !== 'apply') return false;
  const { function: name, arguments: operands } = literal.term;
  return comparisons.has(name) && operands.every(isVariableOrConstant);
}

function isVariableOrConstant({ kind }: Term): boolean {
  return kind === 'variable' || kind === 'constant';
}
