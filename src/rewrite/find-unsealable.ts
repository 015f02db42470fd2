/**
 * Seals that are read and cannot be carried out: the program is checked and reported on, but not
 * run, since to leave out a promise silently would be worse than to refuse.
 */
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program, Relation } from '../semantics/program.js';
import type { Seal } from '../semantics/remarks.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import { isSent, producerStatics, sealsRead } from './seal-scheme.js';

/** Why a seal cannot be carried out, where, and what to do instead. */
interface Refusal {
  readonly message: string;
  readonly span: Span;
  readonly help: string;
}

/** One error for each seal that is read and cannot be carried out. */
export function findUnsealable(program: Program): readonly Diagnostic[] {
  return sealsRead(program).flatMap((seal): readonly Diagnostic[] => {
    const relation = program.relations.get(seal.relation)!;
    const refusal =
      refuseRelation(relation, seal) ??
      refuseCondition(program, relation, seal) ??
      refuseProducers(program, seal) ??
      refuseReceived(program, seal);
    if (refusal === null) return [];
    const { message, span, help } = refusal;
    return [{ code: 'TRL1113', severity: 'error', message, primary: { span }, help }];
  });
}

function refuseRelation({ name, kind, columns }: Relation, { span }: Seal): Refusal | null {
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
): Refusal | null {
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

function refuseProducers(program: Program, seal: Seal): Refusal | null {
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
): Refusal | null {
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
