/**
 * Why a seal cannot be carried out: no mark of a producer could announce it. The condition leaves open
 * for which values of the sealed columns it holds, or the tuples cannot be counted, or the producers are
 * not the same at all nodes, or those who would promise are not those who derive the relation.
 */
import type { Span } from '../base/span.js';
import type { Program, Relation } from '../semantics/program.js';
import type { Seal } from '../semantics/remarks.js';
import { isLatticeType } from '../semantics/lattice-shape.js';

/** Why a seal cannot be carried out, where, and what to do instead. */
export interface SealRefusal {
  readonly message: string;
  readonly span: Span;
  readonly help: string;
}

const refusalsByProgram = new WeakMap<Program, Map<Seal, SealRefusal | null>>();

/** Null for a seal that nodes can carry out. */
export function sealRefusal(program: Program, seal: Seal): SealRefusal | null {
  const known = refusalsByProgram.get(program) ?? new Map<Seal, SealRefusal | null>();
  refusalsByProgram.set(program, known);
  let refusal = known.get(seal);
  if (refusal === undefined) {
    const relation = program.relations.get(seal.relation)!;
    refusal =
      refuseRelation(relation, seal) ??
      refuseCondition(program, relation, seal) ??
      refuseProducers(program, seal) ??
      refuseReceived(program, seal);
    known.set(seal, refusal);
  }
  return refusal;
}

/** The static that names the producers, and those that it is derived from; none without `from`. */
export function producerStatics(program: Program, { producers }: Seal): readonly string[] {
  const statics = new Set(producers === null ? [] : [producers.relation]);
  for (const name of statics)
    for (const { head, bodies } of program.rules) {
      if (head.relation !== name) continue;
      for (const literal of bodies.flatMap(({ literals }) => literals))
        if (literal.kind === 'atom') statics.add(literal.relation);
    }
  return [...statics];
}

/** Whether tuples of the relation come from other nodes. */
export function isSent({ rules, relations }: Program, relation: string): boolean {
  return (
    relations.get(relation)?.kind === 'channel' ||
    rules.some(({ head }) => head.relation === relation && head.mode === 'async')
  );
}

function refuseRelation({ name, kind, columns }: Relation, { span }: Seal): SealRefusal | null {
  if (kind === 'loopback')
    return {
      message: `nobody can wait for the seal of \`${name}\`: a loopback has no reader but its own node`,
      span,
      help: 'make it a channel to the node itself, and seal that',
    };
  if (kind === 'lattice' || columns.some(({ type }) => isLatticeType(type)))
    return {
      message: `nobody can wait for the seal of \`${name}\`: tuples with lattice values merge, so they cannot be counted`,
      span,
      help: 'seal a relation of plain values, and merge them where it arrives',
    };
  return null;
}

function refuseCondition(
  { relations }: Program,
  relation: Relation,
  { columns, when, producers }: Seal,
): SealRefusal | null {
  const named = when.arguments.flatMap((each) => (each.kind === 'variable' ? [each.name] : []));
  const missing = (columns ?? [])
    .map((column) => relation.columns[column]!.name)
    .find((name) => !named.includes(name));
  if (missing !== undefined)
    return {
      message: `the condition does not say for which \`${missing}\` nothing more will come`,
      span: when.span,
      help: `take \`${missing}\` from a relation that lists those that are finished: \`when done(${missing})\``,
    };
  const place = relations.get(when.relation)?.location ?? null;
  const at = place === null ? undefined : when.arguments[place];
  if (at === undefined || at.kind === 'wildcard') return null;
  if (at.kind === 'variable' && at.name === producers?.variable) return null;
  return {
    message: `the condition holds at the producer, so the place of \`${when.relation}\` is the producer`,
    span: when.span,
    help: 'write `_` there, or the variable behind `from`',
  };
}

function refuseProducers(program: Program, seal: Seal): SealRefusal | null {
  const { producers } = seal;
  if (producers === null) return null;
  const { type } = producers.arguments[producers.column]!;
  if (type.kind !== 'addr' && type.kind !== 'string')
    return {
      message: `the producers are nodes, and a column of type any may hold something else`,
      span: producers.span,
      help: `declare the column of \`${producers.relation}\` as \`addr\``,
    };
  const unlike = producerStatics(program, seal).find((name) => isOwn(program, name));
  if (unlike === undefined) return null;
  return {
    message: `the producers must be the same at all nodes, but each node has its own \`${unlike}\``,
    span: producers.span,
    help: 'name all producers in a static without `@` that does not ask for `self`: then every reader waits for all of them',
  };
}

/** Promises for what comes of messages: those who send them do not derive it, and others do not know of them. */
function refuseReceived(
  program: Program,
  { relation, producers, when, span }: Seal,
): SealRefusal | null {
  if (isSent(program, relation)) return null;
  const channel = channelBehind(program, relation);
  if (channel === null) return null;
  const derived = `\`${relation}\` is derived at each node from what \`${channel}\` brings`;
  const instead = `seal \`${channel}\` instead: a rule that reads \`${relation}\` may wait for \`sealed ${channel}(...)\``;
  if (producers !== null)
    return {
      message: `${derived}, so those who send it cannot tell when it is complete`,
      span,
      help: instead,
    };
  if (channelBehind(program, when.relation) !== null) return null;
  return {
    message: `${derived}, but the condition \`${when.relation}\` does not depend on what has arrived, so no node can tell when it is complete`,
    span,
    help: `${instead}, or let the condition follow from what has arrived`,
  };
}

/** Whether each node has a part of the static that is its own. */
function isOwn({ relations }: Program, name: string): boolean {
  const { location, builtin } = relations.get(name)!;
  return location !== null || builtin === 'self';
}

/** What others send and the relation is or comes of, by however many rules. */
function channelBehind(program: Program, relation: string): string | null {
  const behind = new Set([relation]);
  for (const name of behind) {
    if (comesFromOthers(program, name)) return name;
    for (const { head, bodies } of program.rules) {
      if (head.relation !== name) continue;
      for (const literal of bodies.flatMap(({ literals }) => literals))
        if (literal.kind === 'atom') behind.add(literal.relation);
    }
  }
  return null;
}

function comesFromOthers(program: Program, relation: string): boolean {
  return isSent(program, relation) && program.relations.get(relation)?.kind !== 'loopback';
}
