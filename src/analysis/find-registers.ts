/**
 * Overwriting under a stamp that is as good as a lattice (ANALYSIS 1.6).
 *
 * ```bloom
 * newest(k, max<b>) :- put(k, s, v), b = (s, v);               // the greatest of those that come together
 * stale(k, b) :- newest(k, b), register(k, old), old >= b;     // what is held is at least as great
 * upsert register(k, b) :- newest(k, b), notin stale(k, b);
 * ```
 * After each timestep `register(k)` is the greatest value of all that have come, whatever the order
 * and however often: the maximum is associative, commutative and idempotent, and the order of values
 * is total, so ties need no further rule. The final content is a function of the set of events; on the
 * way old values are replaced. Such a table is convergent, and so is what stands on it. One tuple a
 * key and timestep is written, so no two of them conflict. The shape is matched literally: nothing else
 * may write the table, and no expression on the way may fail.
 */
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Type } from '../semantics/types.js';
import { mayFail } from './partial-rules.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isEventSource } from './sequencing.js';

/** A table that keeps the greatest value. */
export interface Register {
  readonly table: string;
  readonly upsert: Clause;
  /** The event whose values it keeps. */
  readonly source: string;
}

/** The registers of a program, by the id of their one rule. */
export function findRegisters(index: ProgramIndex): ReadonlyMap<number, Register> {
  const registers = new Map<number, Register>();
  for (const { name, kind, keyLength, columns } of index.relations) {
    const [upsert, ...others] = clausesOf(index, name);
    if (kind !== 'table' || upsert === undefined || others.length > 0) continue;
    if (upsert.rule.head.mode !== 'upsert' || keyLength !== columns.length - 1) continue;
    if (!isTotal(columns.at(-1)!.type)) continue;
    const source = sourceOf(index, name, upsert);
    if (source !== null) registers.set(upsert.id, { table: name, upsert, source });
  }
  return registers;
}

/** Types over which `max` and the comparisons agree on one total order. */
function isTotal(type: Type): boolean {
  if (type.kind === 'tuple') return type.items.every(isTotal);
  return ['int', 'nat', 'string', 'addr', 'bool'].includes(type.kind);
}

function sourceOf(index: ProgramIndex, table: string, upsert: Clause): string | null {
  const [one, two, ...more] = upsert.atoms;
  if (one === undefined || two === undefined || more.length > 0) return null;
  if (upsert.body.literals.length !== 2 || one.negated === two.negated) return null;
  const [newest, stale] = one.negated ? [two, one] : [one, two];
  const head = upsert.rule.head.arguments.map((argument) =>
    argument.kind === 'term' && argument.term.kind === 'variable' ? argument.term.name : null,
  );
  const names = new Set(head);
  if (names.has(null) || names.size !== head.length) return null;
  if (!shows(newest, head) || !shows(stale, head)) return null;
  if (!isOlderOrSame(index, table, newest.relation, stale.relation)) return null;
  return greatestOf(index, newest.relation);
}

/** Whether the atom shows exactly these variables, in order. */
function shows(atom: Atom, names: readonly (string | null)[]): boolean {
  return (
    atom.arguments.length === names.length &&
    atom.arguments.every((a, i) => a.kind === 'variable' && a.name === names[i])
  );
}

/** Whether a scratch holds the new values that are not greater than what the table holds. */
function isOlderOrSame(index: ProgramIndex, table: string, newest: string, stale: string): boolean {
  const [clause, ...others] = clausesOf(index, stale);
  if (clause === undefined || others.length > 0 || index.factCounts.has(stale)) return false;
  if (relationOf(index, stale).kind !== 'scratch' || clause.rule.head.mode !== 'now') return false;
  if (clause.body.literals.length !== 3 || clause.atoms.length !== 2) return false;
  const head = clause.rule.head.arguments.map((argument) =>
    argument.kind === 'term' && argument.term.kind === 'variable' ? argument.term.name : null,
  );
  const fresh = clause.atoms.find(({ relation }) => relation === newest);
  const held = clause.atoms.find(({ relation }) => relation === table);
  if (head.includes(null) || new Set(head).size !== head.length) return false;
  if (fresh === undefined || held === undefined || fresh.negated || held.negated) return false;
  const old = held.arguments.at(-1);
  if (old?.kind !== 'variable' || head.includes(old.name) || !shows(fresh, head)) return false;
  const key = held.arguments.slice(0, -1);
  if (!key.every((a, i) => a.kind === 'variable' && a.name === head[i])) return false;
  return clause.body.literals.some((literal) => {
    if (literal.kind !== 'condition' || literal.term.kind !== 'apply') return false;
    const [left, right] = literal.term.arguments;
    if (left?.kind !== 'variable' || right?.kind !== 'variable') return false;
    const [great, small] = literal.term.function === '>=' ? [left, right] : [right, left];
    const compares = literal.term.function === '>=' || literal.term.function === '<=';
    return compares && great.name === old.name && small.name === head.at(-1);
  });
}

/** The event of which a scratch holds the greatest value a key; null if it does something else. */
function greatestOf(index: ProgramIndex, newest: string): string | null {
  const [clause, ...others] = clausesOf(index, newest);
  if (clause === undefined || others.length > 0 || index.factCounts.has(newest)) return null;
  const { kind } = relationOf(index, newest);
  const { head, bodies } = clause.rule;
  if (kind !== 'scratch' || head.mode !== 'now' || bodies.length > 1 || mayFail(index, clause))
    return null;
  const isGroup = head.arguments.slice(0, -1).every((argument) => argument.kind === 'term');
  const last = head.arguments.at(-1);
  if (!isGroup || last?.kind !== 'aggregate' || last.function !== 'max') return null;
  const moving = clause.atoms.filter(({ relation }) => {
    const read = relationOf(index, relation);
    return read.kind !== 'static' || read.builtin === 'now' || read.builtin === 'boot';
  });
  const [event] = moving;
  if (event === undefined || moving.length > 1 || event.negated) return null;
  const { kind: source, builtin } = relationOf(index, event.relation);
  const merges = relationOf(index, event.relation).columns.some(({ type: t }) => isLatticeType(t));
  const comes = (source === 'input' || source === 'channel') && builtin === null && !merges;
  return comes && isEventSource(index, event.relation) ? event.relation : null;
}
