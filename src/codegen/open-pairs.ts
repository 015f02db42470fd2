/**
 * Loops over binary and unary relations, written out over the arrays that hold them (the layouts
 * are told in the engine's pair-relation.ts, slot-vectors.ts and unary-relation.ts).
 *
 * The values under one key lie in one run. The loop over such a run is put off until somebody
 * needs its variable: what depends on the key alone then happens once a key, and if nobody needs
 * the variable before the head does, as its value column, the whole run is inserted at once.
 */
import { defined } from '../base/assert.js';
import type { AtomAccess } from '../plan/physical-plan.js';
import type { CodeWriter } from './code-writer.js';
import { fetchPlaces, openPlace } from './open-csr.js';

/** Offsets in the slots of a binary relation, and in those of an index. */
export const pairLayout = { shift: 3, base: 4, oldEnd: 6, deltaEnd: 7 } as const;
export const indexLayout = { shift: 2, base: 0, count: 2, oldEnd: 3 } as const;

/** How many columns a relation has, and of two the one by which tuples lie together. */
export interface Layout {
  readonly arity: number;
  readonly keyColumn: 0 | 1;
  /** Whether rows merge. */
  readonly isLattice: boolean;
}

/** A run of words that is still to be walked: `words[base + from .. base + to)`. */
export interface Run {
  /** The variable that each word binds. */
  readonly variable: string;
  readonly words: string;
  readonly base: string;
  readonly from: string;
  readonly to: string;
  /** The slot whose vector it lies in, if that is one of the relation that the head inserts into. */
  readonly ownSlot: string | null;
}

export interface PairContext {
  readonly writer: CodeWriter;
  /** A fresh identifier. */
  readonly fresh: (prefix: string) => string;
  /** Binds a program's variable to a new identifier. */
  readonly declare: (variable: string) => string;
  readonly lookup: (variable: string) => string;
  /** The word of the argument in a known column. */
  readonly word: (access: AtomAccess, column: number) => string;
  /** Whether the head inserts into this relation, so that its arrays may be replaced meanwhile. */
  readonly isTarget: boolean;
  /** Whether it is read as rows that do not change (the engine's csr.ts). */
  readonly isUnchanging: boolean;
  /** Whether it is there as such rows anyhow, so that it is walked so, too. */
  readonly isGiven: boolean;
  /** Takes note of the slot that a key has in the relation that the head inserts into. */
  readonly noteSlot: (variable: string, slot: string) => void;
}

/** What a function reads of a relation is fetched beforehand where nothing can replace it. */
interface Arrays {
  readonly directory: string;
  readonly slots: string;
  readonly words: string;
}

/** The arrays behind a binary relation or its index by value. */
function arraysOf(name: string, kind: 'key' | 'value', isTarget: boolean): Arrays {
  if (isTarget && kind === 'key')
    return {
      directory: `${name}.directory`,
      slots: `${name}.slots`,
      words: `${name}.vectors.words`,
    };
  const prefix = kind === 'key' ? name : `${name}$`;
  return { directory: `${prefix}$directory`, slots: `${prefix}$slots`, words: `${prefix}$words` };
}

type ArrayContext = Pick<PairContext, 'isTarget' | 'isUnchanging' | 'isGiven' | 'writer'>;

/** Fetches the arrays that the accesses of one function to a binary relation read. */
export function fetchArrays(
  name: string,
  accesses: readonly AtomAccess[],
  { keyColumn }: Layout,
  { isTarget, isUnchanging, isGiven, writer }: ArrayContext,
): void {
  if (isUnchanging) {
    for (const column of [0, 1]) {
      const isRead = ({ columns }: AtomAccess): boolean =>
        columns.length === 1
          ? columns[0] === column
          : columns.length === 0 && isGiven && column === keyColumn;
      if (accesses.some(isRead)) fetchRows(name, column, writer);
    }
    if (isGiven) return;
    accesses = accesses.filter(({ columns }) => columns.length === 0);
  }
  const searches = accesses.filter(({ columns }) => columns.length < 2);
  const isByValue = ({ columns }: AtomAccess): boolean => columns[0] === 1 - keyColumn;
  if (!isTarget && searches.some((access) => !isByValue(access)))
    writeFetch(name, arraysOf(name, 'key', isTarget), writer);
  // An index is written between rounds only.
  if (searches.some(isByValue))
    writeFetch(`${name}.reverse`, arraysOf(name, 'value', isTarget), writer);
}

/** Prepares what an access reads of a change, if it reads one. */
export function fetchChange(access: AtomAccess, writer: CodeWriter): void {
  const { columns, changeWidth } = access;
  if (changeWidth === null) return;
  if (columns.length > 0 && columns.length < changeWidth)
    writer.line(`change.ensureIndex([${columns.join(', ')}]);`);
  const layout: Layout = { arity: changeWidth, keyColumn: 0, isLattice: false };
  if (changeWidth === 2)
    fetchArrays('change', [access], layout, {
      isTarget: false,
      isUnchanging: false,
      isGiven: false,
      writer,
    });
}

function writeFetch(source: string, { directory, slots, words }: Arrays, writer: CodeWriter): void {
  writer.line(
    `const ${directory} = ${source}.directory, ${slots} = ${source}.slots, ${words} = ${source}.vectors.words;`,
  );
  writer.line(
    `const ${directory}$low = ${directory}.low, ${directory}$outside = ${directory}.outside, ${directory}$window = ${directory}.window;`,
  );
}

/** Declares the slot that a word has in a directory, -1 for none. */
function writeFind(
  slot: string,
  directory: string,
  word: string,
  { writer, fresh }: PairContext,
): void {
  if (directory.includes('.')) {
    writer.line(`const ${slot} = ${directory}.find(${word});`);
    return;
  }
  // The window of the directory (see word-directory.ts), written out.
  const offset = fresh('offset');
  writer.line(`const ${offset} = (${word} - ${directory}$low) | 0;`);
  writer.line(
    `const ${slot} = (${offset} & ${directory}$outside) === 0 ? ${directory}$window[${offset}] - 1 : ${directory}.find(${word});`,
  );
}

/** Opens the search of an atom over a binary relation; the run that is left to walk, if any. */
export function openPair(
  access: AtomAccess,
  { keyColumn: key }: Layout,
  name: string,
  context: PairContext,
): Run | null {
  const { writer, word } = context;
  const value = 1 - key;
  const isKnown = (column: number): boolean => access.columns.includes(column);
  if (isKnown(0) && isKnown(1)) {
    writer.open(`if (${name}.hasPair(${word(access, key)}, ${word(access, value)})) {`);
    return null;
  }
  if (context.isUnchanging && (isKnown(0) || isKnown(1))) return openRows(access, name, context);
  if (context.isGiven) return walkRows(access, key, name, context);
  if (isKnown(value)) return openReverse(access, key, name, context);
  const slot = context.fresh('slot');
  const arrays = arraysOf(name, 'key', context.isTarget);
  if (isKnown(key)) {
    writeFind(slot, arrays.directory, word(access, key), context);
    writer.open(`if (${slot} >= 0) {`);
    const [known] = access.known;
    if (context.isTarget && known?.kind === 'variable') context.noteSlot(known.name, slot);
  } else openKeys(access, key, slot, name, context);
  return openValues(access, value, slot, arrays, context);
}

function openKeys(
  access: AtomAccess,
  key: number,
  slot: string,
  name: string,
  { writer, fresh, declare, isTarget, noteSlot }: PairContext,
): void {
  const i = fresh('i');
  if (access.part === 'delta') {
    writer.open(`for (let ${i} = 0; ${i} < ${name}.currentCount; ${i}++) {`);
    writer.line(`const ${slot} = ${name}.current[${i}];`);
  } else {
    const count = fresh('count');
    writer.line(`const ${count} = ${name}.directory.count;`);
    writer.open(`for (let ${slot} = 0; ${slot} < ${count}; ${slot}++) {`);
  }
  // One variable in both columns is bound by the key, whichever column that is.
  const bound = access.binds.find(({ column }) => column === key || access.repeats.length > 0);
  if (bound === undefined) return;
  writer.line(`const ${declare(bound.name)} = ${name}.directory.words[${slot}];`);
  if (isTarget) noteSlot(bound.name, slot);
}

function openValues(
  access: AtomAccess,
  value: number,
  slot: string,
  { slots, words }: Arrays,
  context: PairContext,
): Run | null {
  const { writer, fresh, isTarget } = context;
  const { shift, base, oldEnd, deltaEnd } = pairLayout;
  const at = fresh('at');
  writer.line(`const ${at} = ${slot} << ${shift};`);
  const from = access.part === 'delta' ? `${slots}[${at} + ${oldEnd}]` : '0';
  const to = `${slots}[${at} + ${access.part === 'old' ? oldEnd : deltaEnd}]`;
  const [start, end] = [fresh('from'), fresh('to')];
  writer.line(`const ${start} = ${from}, ${end} = ${to};`);
  writer.open(`if (${start} < ${end}) {`);
  const run = {
    words,
    base: `${slots}[${at} + ${base}]`,
    from: start,
    to: end,
    ownSlot: isTarget ? slot : null,
  };
  const bound = runOf(run, access, value, context);
  if (bound === null || isTarget) return bound;
  const begin = fresh('base');
  writer.line(`const ${begin} = ${run.base};`);
  return { ...bound, base: begin };
}

/** The names of what `fetchRows` fetches. */
export function rowsOf(name: string, column: number): string {
  return `${name}$by${column}`;
}

function fetchRows(name: string, column: number, writer: CodeWriter): void {
  const rows = rowsOf(name, column);
  writer.line(`const ${rows} = ${name}.rowsBy(${column});`);
  fetchPlaces(rows, writer);
  writer.line(`const ${rows}$words = ${rows}.words;`);
}

/** Opens the walk over all rows, key by key. */
function walkRows(access: AtomAccess, key: 0 | 1, name: string, context: PairContext): Run | null {
  const { writer, fresh, declare } = context;
  const rows = rowsOf(name, key);
  const [place, start, end] = ['place', 'from', 'to'].map(fresh) as [string, string, string];
  writer.open(`for (let ${place} = 0; ${place} < ${rows}.length; ${place}++) {`);
  writer.line(
    `const ${start} = ${rows}$offsets[${place}], ${end} = ${rows}$offsets[${place} + 1];`,
  );
  writer.open(`if (${start} < ${end}) {`);
  const bound = access.binds.find(({ column }) => column === key || access.repeats.length > 0);
  if (bound !== undefined) writer.line(`const ${declare(bound.name)} = ${rows}.keyAt(${place});`);
  const run = { words: `${rows}$words`, base: '0', from: start, to: end, ownSlot: null };
  return runOf(run, access, 1 - key, context);
}

/** The run of an access that binds its value; a test of each value against the key is opened at once. */
function runOf(
  run: Omit<Run, 'variable'>,
  { binds, repeats: [repeat] }: AtomAccess,
  value: number,
  context: PairContext,
): Run | null {
  if (repeat === undefined) {
    const bound = binds.find(({ column }) => column === value);
    return bound === undefined ? null : { ...run, variable: bound.name };
  }
  const each = context.fresh('each');
  openRun({ ...run, variable: '' }, each, context);
  context.writer.open(`if (${each} === ${context.lookup(repeat.name)}) {`);
  return null;
}

function openRows(access: AtomAccess, name: string, context: PairContext): Run | null {
  const { writer, word } = context;
  const column = defined(access.columns[0], 'a known column');
  const rows = rowsOf(name, column);
  const [start, end] = openPlace(rows, word(access, column), context);
  writer.open(`if (${start} < ${end}) {`);
  const [bound] = access.binds;
  if (bound === undefined) return null;
  return {
    variable: bound.name,
    words: `${rows}$words`,
    base: '0',
    from: start,
    to: end,
    ownSlot: null,
  };
}

function openReverse(
  access: AtomAccess,
  key: number,
  name: string,
  context: PairContext,
): Run | null {
  const { writer, fresh, word, isTarget } = context;
  const { shift, base, count, oldEnd } = indexLayout;
  const [slot, at, start, end] = ['slot', 'at', 'from', 'to'].map(fresh) as [
    string,
    string,
    string,
    string,
  ];
  const { directory, slots, words } = arraysOf(name, 'value', isTarget);
  writeFind(slot, directory, word(access, 1 - key), context);
  writer.open(`if (${slot} >= 0) {`);
  writer.line(`const ${at} = ${slot} << ${shift};`);
  const from = access.part === 'delta' ? `${slots}[${at} + ${oldEnd}]` : '0';
  writer.line(
    `const ${start} = ${from}, ${end} = ${slots}[${at} + ${access.part === 'old' ? oldEnd : count}];`,
  );
  writer.open(`if (${start} < ${end}) {`);
  const bound = access.binds.find(({ column }) => column === key);
  if (bound === undefined) return null;
  const begin = fresh('base');
  writer.line(`const ${begin} = ${slots}[${at} + ${base}];`);
  return { variable: bound.name, words, base: begin, from: start, to: end, ownSlot: null };
}

/** Opens the loop over a run whose words are called `each`. */
export function openRun(
  run: Run,
  each: string,
  { writer, fresh }: Pick<PairContext, 'writer' | 'fresh'>,
): void {
  const d = fresh('d');
  writer.open(`for (let ${d} = ${run.from}; ${d} < ${run.to}; ${d}++) {`);
  const at = run.base === '0' ? d : `${run.base} + ${d}`;
  writer.line(`const ${each} = ${run.words}[${at}];`);
}

/** Opens the search of an atom over a unary relation. */
export function openUnary(access: AtomAccess, name: string, context: PairContext): void {
  const { writer, fresh, declare, word } = context;
  if (access.columns.length === 1) {
    writer.open(`if (${name}.directory.find(${word(access, 0)}) >= 0) {`);
    return;
  }
  const [i, end] = [fresh('i'), fresh('to')];
  const from = access.part === 'delta' ? `${name}.oldEnd` : '0';
  writer.line(`const ${end} = ${name}.${access.part === 'old' ? 'oldEnd' : 'deltaEnd'};`);
  writer.open(`for (let ${i} = ${from}; ${i} < ${end}; ${i}++) {`);
  const bound = access.binds[0];
  if (bound !== undefined)
    writer.line(`const ${declare(bound.name)} = ${name}.directory.words[${i}];`);
}

/** A test that a settled binary or unary relation has no tuple with the known words; null for others. */
export function absentTest(
  access: AtomAccess,
  { arity, keyColumn: key }: Layout,
  name: string,
  word: PairContext['word'],
): string | null {
  if (arity === 0 || arity > 2) return null;
  if (access.columns.length === 0) return `${name}.size === 0`;
  if (arity === 1) return `${name}.directory.find(${word(access, 0)}) < 0`;
  if (access.columns.length === 2)
    return `!${name}.hasPair(${word(access, key)}, ${word(access, 1 - key)})`;
  const [column] = access.columns;
  const directory = column === key ? 'directory' : 'reverse.directory';
  return `${name}.${directory}.find(${word(access, defined(column, 'a column'))}) < 0`;
}
