/**
 * Repairs that are a matter of rewriting text: what to replace, where, and what the observable then is.
 *
 * - keep an event: a table that takes it, and the rule reads the table (a stored join is monotone);
 * - ask for a bound: `count == n` becomes `count >= n` (a threshold in the direction of the value);
 * - merge: a table that latches a running aggregate gets a lattice column, in which old values go
 *   under;
 * - show corrections: `output` becomes `view`;
 * - wait for a seal that the program declares, where its columns are carried to the blamed literal.
 *
 * A promise is made only where nothing else is to blame. Edits stay within one file.
 */
import { lineStarts, positionAt } from '../base/span.js';
import type { Span } from '../base/span.js';
import { typeText } from '../semantics/relate-types.js';
import type { HeadArgument, Relation } from '../semantics/program.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Blame, Edit, Suggestion, Verdict } from './confluence-report.js';
import type { Known } from './find-defects.js';
import { clausesOf, literalVariables, relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';
import { awaitSeal } from './await-seal.js';

/** A suggestion's rewrite; `title`: what it says instead. */
export interface Rewrite {
  readonly cost: Suggestion['cost'];
  readonly title: string | null;
  readonly edits: readonly Edit[];
  readonly promises: Verdict | null;
}

/** The rewrites that apply to an unmet observable, at most one of each cost. */
export function findRewrites(
  known: Known,
  observable: Relation,
  verdict: Verdict,
  blames: readonly Blame[],
): readonly Rewrite[] {
  const rewrites = [
    keepEvents(known, blames),
    mergeAggregate(known, blames),
    boundAggregate(known, blames),
    verdict === 'convergent' ? showCorrections(observable) : null,
    awaitSeal(known, blamedClauses(known, blames)),
  ];
  return rewrites.filter(
    (each): each is Rewrite => each !== null && each.edits.length > 0 && isInOneFile(each.edits),
  );
}

/** The lines that the edits touch, as they would read. */
export function editedLines(edits: readonly Edit[]): string {
  const lines: string[] = [];
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start);
  for (let i = 0; i < ordered.length;) {
    const { file } = ordered[i]!.span;
    const starts = lineStarts(file);
    const from = starts[positionAt(file, ordered[i]!.span.start).line - 1]!;
    let text = '';
    let at = from;
    let end = from;
    // Edits of one line go together.
    while (i < ordered.length && (text === '' || ordered[i]!.span.start < end)) {
      const { span, text: by } = ordered[i]!;
      text += file.text.slice(at, span.start) + by;
      at = span.end;
      end = starts[positionAt(file, span.end).line] ?? file.text.length;
      i++;
    }
    lines.push((text + file.text.slice(at, end)).replace(/[\r\n]+$/, ''));
  }
  return lines.join('\n');
}

function isInOneFile(edits: readonly Edit[]): boolean {
  return edits.every(({ span }) => span.file === edits[0]!.span.file);
}

/** The clauses of the blamed rules. */
function blamedClauses({ index }: Known, blames: readonly Blame[]): readonly Clause[] {
  const ids = new Set(blames.flatMap(({ ruleId }) => ruleId ?? []));
  return [...ids].sort((a, b) => a - b).flatMap((id) => index.clausesByRule.get(id) ?? []);
}

const meetings: readonly string[] = ['half-guarded-join', 'event-rendezvous'];

function keepEvents(known: Known, blames: readonly Blame[]): Rewrite | null {
  const [first] = blames;
  if (first === undefined || first.ruleId === null || !meetings.includes(first.reason)) return null;
  const clauses = blamedClauses(known, [first]);
  const [clause] = clauses;
  if (clause === undefined || clauses.length > 1) return null;
  const { growthByRelation } = known.growth;
  const events = clause.atoms.filter(
    ({ relation, negated }) => !negated && growthByRelation.get(relation) === 'event',
  );
  const names = [...new Set(events.map(({ relation }) => relation))];
  const relations = names.map((name) => relationOf(known.index, name));
  if (!relations.every((relation) => canBeKept(relation))) return null;
  const kept = new Map(names.map((name) => [name, freshName(known, `kept_${name}`)]));
  const start = { ...clause.rule.origin.span, end: clause.rule.origin.span.start };
  const text = relations.map((relation) => keepingText(relation, kept.get(relation.name)!));
  const renames = events.map((atom) => renameAtom(atom, kept.get(atom.relation)!));
  if (renames.includes(null)) return null;
  const others = clause.atoms.filter((atom) => !events.includes(atom));
  const stands = others.every(
    ({ relation, negated }) =>
      growthByRelation.get(relation) === 'static' ||
      (!negated && growthByRelation.get(relation) === 'inflationary'),
  );
  const alone = blames.every((b) => b.ruleId === first.ruleId && meetings.includes(b.reason));
  return {
    cost: 1,
    title: null,
    edits: [{ span: start, text: text.join('') }, ...(renames as Edit[])],
    promises: alone && stands && !clause.rule.aggregated ? 'confluent' : null,
  };
}

function canBeKept({ kind, builtin, columns, name }: Relation): boolean {
  const comes = ['input', 'channel', 'loopback', 'scratch'].includes(kind) && builtin === null;
  return (
    comes &&
    /^\w+$/.test(name) &&
    columns.every(({ type }) => !isLatticeType(type) && type.kind !== 'unknown')
  );
}

function keepingText({ name, columns }: Relation, kept: string): string {
  const declared = columns.map((column) => `${column.name}: ${typeText(column.type)}`).join(', ');
  const shown = columns.map((column) => column.name).join(', ');
  return `table ${kept}(${declared});\n${kept}(${shown}) :- ${name}(${shown});\n`;
}

function freshName({ index }: Known, wanted: string): string {
  let name = wanted;
  while (index.program.relations.has(name)) name += '_';
  return name;
}

function renameAtom({ span, relation }: Atom, by: string): Edit | null {
  if (!span.file.text.startsWith(relation, span.start)) return null;
  return { span: { ...span, end: span.start + relation.length }, text: by };
}

function boundAggregate(known: Known, blames: readonly Blame[]): Rewrite | null {
  for (const aggregated of blamedClauses(known, blames)) {
    if (!aggregated.rule.aggregated) continue;
    for (const { clause, atom } of known.index.usesByRelation.get(aggregated.head) ?? []) {
      const found = boundIn(aggregated, clause, atom);
      if (found === null || !blames.some(({ path }) => path.includes(clause.head))) continue;
      const alone = blames.every(({ ruleId }) => ruleId === aggregated.rule.id);
      const { span, text } = found;
      const before = span.file.text.slice(span.start, span.end);
      return {
        cost: 2,
        title: `test \`${text}\` instead of \`${before}\` in \`${clause.rule.name}\`: what has passed a bound stays beyond it`,
        edits: [found],
        promises: alone ? 'confluent' : null,
      };
    }
  }
  return null;
}

const rising: readonly string[] = ['count', 'count_distinct', 'max'];

/** The equality test of an aggregate's value, made a bound. */
function boundIn(aggregated: Clause, clause: Clause, atom: Atom): Edit | null {
  for (const [column, argument] of aggregated.rule.head.arguments.entries()) {
    const read = atom.arguments[column];
    if (argument.kind !== 'aggregate' || read?.kind !== 'variable') continue;
    const up = rising.includes(argument.function);
    if (!up && argument.function !== 'min') continue;
    for (const literal of clause.body.literals) {
      if (literal.kind !== 'condition' || literal.term.kind !== 'apply') continue;
      if (literal.term.function !== '==' || !literalVariables(literal).includes(read.name))
        continue;
      const [left] = literal.term.arguments;
      const onLeft = left?.kind === 'variable' && left.name === read.name;
      const { span } = literal;
      const parts = span.file.text.slice(span.start, span.end).split('==');
      if (parts.length !== 2 || clause.occurrences.get(read.name) !== 2) continue;
      return { span, text: parts.join(up === onLeft ? '>=' : '<=') };
    }
  }
  return null;
}

const latticeOf: Readonly<Record<string, string>> = {
  count: 'lmax',
  count_distinct: 'lmax',
  max: 'lmax',
  min: 'lmin',
  set: 'lset',
  any: 'lbool',
};

/** A table that keeps every value an aggregate ever had: the column becomes a lattice. */
function mergeAggregate(known: Known, blames: readonly Blame[]): Rewrite | null {
  const [first] = blames;
  const clauses = blamedClauses(known, blames);
  const [clause] = clauses;
  if (first?.reason !== 'samples-unfinished-set' || clause === undefined || clauses.length > 1)
    return null;
  const relation = relationOf(known.index, clause.head);
  if (relation.kind !== 'table' || relation.hasKey || !relation.declared) return null;
  if (clausesOf(known.index, clause.head).length > 1 || !clause.rule.aggregated) return null;
  const last = relation.columns.at(-1)!;
  const argument = clause.rule.head.arguments.at(-1);
  const plain = clause.rule.head.arguments.slice(0, -1).every(({ kind }) => kind === 'term');
  const lattice = latticeType(argument, last.type);
  if (lattice === null || !plain) return null;
  const { file } = last.span;
  const declared = /^(\w+)\s*:\s*[\w<>, ]*?\s*(?=\)|,)/.exec(file.text.slice(last.span.start));
  const comma = file.text.lastIndexOf(',', last.span.start);
  const previous = relation.columns.at(-2);
  if (declared === null) return null;
  const type: Edit = {
    span: { file, start: last.span.start, end: last.span.start + declared[0].length },
    text: `${last.name}: ${lattice}`,
  };
  // The comma in front of the last column, where there is one, becomes the arrow.
  const arrow: Edit =
    previous === undefined
      ? { span: { file, start: last.span.start, end: last.span.start }, text: '=> ' }
      : { span: { file, start: comma, end: comma + 1 }, text: ' =>' };
  if (previous !== undefined && comma < previous.span.start) return null;
  return {
    cost: 2,
    title: `declare \`${last.name}\` of \`${relation.name}\` as \`${lattice}\`: older values go under in newer ones`,
    edits: [arrow, type],
    promises: 'convergent',
  };
}

function latticeType(
  argument: HeadArgument | undefined,
  type: Relation['columns'][number]['type'],
): string | null {
  const lattice = argument?.kind === 'aggregate' ? latticeOf[argument.function] : undefined;
  if (lattice === undefined || isLatticeType(type)) return null;
  if (lattice === 'lbool') return lattice;
  return `${lattice}<${typeText(type.kind === 'set' ? type.item : type)}>`;
}

function showCorrections({ span, declared, observable, builtin }: Relation): Rewrite | null {
  if (!declared || observable !== 'output' || builtin !== null) return null;
  const word = /output(\s+)$/.exec(span.file.text.slice(0, span.start));
  if (word === null) return null;
  const place: Span = { file: span.file, start: word.index, end: word.index + 'output'.length };
  return { cost: 4, title: null, edits: [{ span: place, text: 'view' }], promises: 'convergent' };
}
