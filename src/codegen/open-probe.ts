/**
 * Searches of relations of no column or of more than two: a walk over rows that lie one after another
 * (the engine's wide-relation.ts), and through a relation's own methods, with a callback, what no loop is
 * written out for.
 */
import type { AtomAccess } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import type { PairContext } from './open-pairs.js';
import { quoteText } from './quote.js';

/** Opens the walk over the rows of a relation of so many columns, which is none that merges. */
export function openWalk(
  { part, binds, repeats }: AtomAccess,
  arity: number,
  name: string,
  { writer, fresh, declare, lookup }: PairContext,
): void {
  const [words, at, end] = [fresh('words'), fresh('at'), fresh('to')];
  const from = part === 'delta' ? `${name}.oldEnd * ${arity}` : '0';
  const to = part === 'old' ? 'oldEnd' : 'deltaEnd';
  writer.line(`const ${words} = ${name}.rows.words, ${end} = ${name}.${to} * ${arity};`);
  writer.open(`for (let ${at} = ${from}; ${at} < ${end}; ${at} += ${arity}) {`);
  for (const { column, name: variable } of binds)
    writer.line(`const ${declare(variable)} = ${words}[${at} + ${column}];`);
  if (repeats.length === 0) return;
  const same = repeats.map(
    ({ column, name: variable }) => `${words}[${at} + ${column}] === ${lookup(variable)}`,
  );
  writer.open(`if (${same.join(' && ')}) {`);
}

/** Opens the search of an atom over a relation of so many columns. */
export function openProbe(
  access: AtomAccess,
  arity: number,
  name: string,
  { writer, fresh, declare, lookup, word }: PairContext,
): void {
  const part = quoteText(access.part);
  const words = knownWords(access, word);
  if (access.columns.length === arity) {
    writer.open(`if (${name}.has(${words})) {`);
    return;
  }
  const row = fresh('row');
  if (access.columns.length === 0) writer.open(`${name}.forEach(${part}, (${row}) => {`, '});');
  else {
    writer.open(
      `${name}.probe([${access.columns.join(', ')}], ${words}, ${part}, (${row}) => {`,
      '});',
    );
  }
  for (const { column, name: variable } of access.binds)
    writer.line(`const ${declare(variable)} = ${row}[${column}];`);
  if (access.repeats.length > 0) {
    const same = access.repeats.map(
      ({ column, name: variable }) => `${row}[${column}] === ${lookup(variable)}`,
    );
    writer.open(`if (${same.join(' && ')}) {`);
  }
}

/** Opens the test that a relation has no tuple with the known words. */
export function openAbsent(
  access: AtomAccess,
  name: string,
  word: PairContext['word'],
  unit: CodeUnit,
): void {
  unit.writer.open(
    `if (!${unit.helper('hasMatch')}(${name}, [${access.columns.join(', ')}], ${knownWords(access, word)})) {`,
  );
}

function knownWords(access: AtomAccess, word: PairContext['word']): string {
  return `[${access.columns.map((column) => word(access, column)).join(', ')}]`;
}
