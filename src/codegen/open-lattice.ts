/**
 * Loops over relations with lattice columns and one other column, and over tables that are held in the
 * same way though nothing merges, and merging into them, written
 * out over the arrays that hold them (the layout is told in the engine's placed-values.ts). What
 * such a relation holds may grow under whoever walks it: words are read where they are needed.
 */
import { placedColumns } from '../plan/layouts.js';
import type { AtomAccess, PlannedRelation } from '../plan/physical-plan.js';
import { defined } from '../base/assert.js';
import type { CodeUnit } from './code-unit.js';
import type { PairContext } from './open-pairs.js';
import { identifier } from './quote.js';

/** Whether the relation has the layout that this file writes code for. */
export function isKeyedLattice(relation: PlannedRelation): boolean {
  const placed = placedColumns(relation);
  return placed.length > 0 && relation.schema.columns.length === placed.length + 1;
}

/** The one column that is no lattice. */
export function keyOfLattice(relation: PlannedRelation): number {
  const placed = placedColumns(relation);
  return relation.schema.columns.findIndex((_, column) => !placed.includes(column));
}

/** Opens the search of an atom over a relation for which `isKeyedLattice` holds. */
export function openLattice(
  access: AtomAccess,
  relation: PlannedRelation,
  name: string,
  context: PairContext,
): void {
  const { writer, fresh, declare, lookup, word } = context;
  const key = keyOfLattice(relation);
  const at = fresh('place');
  const isDelta = access.part === 'delta';
  if (access.columns.includes(key)) {
    writer.line(`const ${at} = ${name}.find(${word(access, key)});`);
    writer.open(`if (${at} >= 0${isDelta ? ` && ${name}.isDelta(${at})` : ''}) {`);
  } else {
    const [i, end] = [fresh('i'), fresh('end')];
    writer.line(`const ${end} = ${name}.${isDelta ? 'currentCount' : 'visibleEnd'};`);
    writer.open(`for (let ${i} = 0; ${i} < ${end}; ${i}++) {`);
    writer.line(`const ${at} = ${name}.${isDelta ? `current[${i}]` : `placeAt(${i})`};`);
  }
  const place = (column: number): string => {
    if (column === key) return `${name}.keyAt(${at})`;
    const placed = placedColumns(relation);
    const [j, width] = [placed.indexOf(column), placed.length];
    return `${name}.values[${width === 1 ? at : `${at} * ${width} + ${j}`}]`;
  };
  for (const { column, name: variable } of access.binds)
    writer.line(`const ${declare(variable)} = ${place(column)};`);
  const tests = [
    ...access.columns
      .filter((column) => column !== key)
      .map((column) => `${place(column)} === ${word(access, column)}`),
    ...access.repeats.map(
      ({ column, name: variable }) => `${place(column)} === ${lookup(variable)}`,
    ),
  ];
  if (tests.length > 0) writer.open(`if (${tests.join(' && ')}) {`);
}

/** A test that a settled relation has no tuple with the known words; null where code is not written out. */
export function absentLattice(
  access: AtomAccess,
  relation: PlannedRelation,
  name: string,
  word: PairContext['word'],
): string | null {
  if (access.columns.length === 0) return `${name}.size === 0`;
  if (!isKeyedLattice(relation) || access.columns.join() !== `${keyOfLattice(relation)}`)
    return null;
  return `${name}.directory.find(${word(access, keyOfLattice(relation))}) < 0`;
}

/** What merging reads of the target; only a new key may replace it. */
const targetArrays = [
  'into$values = into.values',
  'into$flags = into.flags',
  'into$low = into.low',
  'into$outside = into.outside',
  'into$notes = into.isJournalOpen',
].join(', ');

/** Fetches what `writeMerge` reads, at the beginning of a function; `keys`: words among which its keys are. */
export function fetchTarget({ writer }: CodeUnit, keys: string | null): void {
  if (keys !== null) writer.line(`into.expectKeys(${keys});`);
  writer.line(`let ${targetArrays};`);
}

/**
 * Merges a row into the target, which has one plain and one lattice column in bare form. What is
 * written out is an int that stands for itself and replaces a worse one; the rest goes through a call,
 * so that the function stays small for the JIT, whose compiling a short run waits for.
 */
export function writeMerge(
  relation: PlannedRelation,
  words: readonly string[],
  unit: CodeUnit,
): void {
  const { writer } = unit;
  const at = keyOfLattice(relation);
  const lattice = defined(relation.bare[1 - at], 'a lattice in bare form');
  const [key, value, place, held] = ['key', 'w', 'place', 'held'].map((prefix) =>
    identifier(prefix, unit.nextNumber(), ''),
  ) as [string, string, string, string];
  writer.line(`const ${key} = ${words[at]!}, ${value} = ${words[1 - at]!};`);
  writer.line(`let ${place} = (${key} - into$low) | 0;`);
  writer.line(`if ((${place} & into$outside) !== 0) ${place} = into.find(${key});`);
  // What is not there is held as no word.
  writer.line(`const ${held} = ${place} < 0 ? -1 : into$values[${place}];`);
  const isBetter = lattice === 'lmin' ? `${value} < ${held}` : `${value} > ${held}`;
  const bothPlain = `${lattice === 'lmin' ? value : held} >= 0`;
  const { depth } = writer;
  if (relation.storage === 'stored') {
    writer.open(`if (${isBetter} || (${held} | ${value}) < 0) {`);
  } else {
    const isNoted = relation.storage === 'maintained';
    writer.open(`if (${isBetter} && ${bothPlain}${isNoted ? ' && !into$notes' : ''}) {`);
    writer.line(`into$values[${place}] = ${value};`);
    writer.open(`if ((into$flags[${place}] & 1) === 0) {`);
    writer.line(`into$flags[${place}] |= 1;`);
    writer.line(`into.noteDirty(${place});`);
    writer.closeTo(depth);
    writer.open(
      `else if ((${held} | ${value}) < 0${isNoted ? ` || into$notes && ${isBetter}` : ''}) {`,
    );
  }
  writer.line(`if (into.mergeWord(${place}, ${key}, ${held}, ${value})) target.spend(1);`);
  writer.line(`${targetArrays};`);
  writer.closeTo(depth);
}
