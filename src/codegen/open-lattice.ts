/**
 * Loops over relations with lattice columns and one other column, and merging into them, written
 * out over the arrays that hold them (the layout is told in the engine's lattice-relation.ts). What
 * such a relation holds may grow under whoever walks it: words are read where they are needed.
 */
import type { AtomAccess, PlannedRelation } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import type { PairContext } from './open-pairs.js';
import { identifier } from './quote.js';

/** Whether the relation has the layout that this file writes code for. */
export function isKeyedLattice({ schema, merged }: PlannedRelation): boolean {
  return merged.length > 0 && schema.columns.length === merged.length + 1;
}

/** The one column that is no lattice. */
function keyOfLattice({ schema, merged }: PlannedRelation): number {
  return schema.columns.findIndex((_, column) => !merged.includes(column));
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
  const slot = fresh('slot');
  const isDelta = access.part === 'delta';
  if (access.columns.includes(key)) {
    writer.line(`const ${slot} = ${name}.directory.find(${word(access, key)});`);
    writer.open(`if (${slot} >= 0${isDelta ? ` && ${name}.isDelta(${slot})` : ''}) {`);
  } else {
    const [i, end] = [isDelta ? fresh('i') : slot, fresh('end')];
    writer.line(`const ${end} = ${name}.${isDelta ? 'currentCount' : 'visibleEnd'};`);
    writer.open(`for (let ${i} = 0; ${i} < ${end}; ${i}++) {`);
    if (isDelta) writer.line(`const ${slot} = ${name}.current[${i}];`);
  }
  const place = (column: number): string => {
    if (column === key) return `${name}.directory.words[${slot}]`;
    const [at, width] = [relation.merged.indexOf(column), relation.merged.length];
    return `${name}.values[${width === 1 ? slot : `${slot} * ${width} + ${at}`}]`;
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
  'into$low = into.directory.low',
  'into$outside = into.directory.outside',
  'into$window = into.directory.window',
];

/** Fetches what `writeMerge` reads, at the beginning of a function. */
export function fetchTarget({ writer }: CodeUnit): void {
  writer.line(`let ${targetArrays.join(', ')};`);
}

/** Merges a row into the target, which has one plain and one lattice column in bare form. */
export function writeMerge(
  relation: PlannedRelation,
  words: readonly string[],
  unit: CodeUnit,
): void {
  const { writer } = unit;
  const at = keyOfLattice(relation);
  const [key, value, slot, held] = ['key', 'w', 'slot', 'held'].map((prefix) =>
    identifier(prefix, unit.nextNumber(), ''),
  ) as [string, string, string, string];
  const grows = unit.helper(`${relation.bare[1 - at]!}_grows`);
  writer.line(`const ${key} = ${words[at]!}, ${value} = ${words[1 - at]!};`);
  // The window of the directory (see word-directory.ts), written out.
  const offset = identifier('offset', unit.nextNumber(), '');
  writer.line(`const ${offset} = (${key} - into$low) | 0;`);
  writer.line(
    `const ${slot} = (${offset} & into$outside) === 0 ? into$window[${offset}] - 1 : into.directory.find(${key});`,
  );
  writer.open(`if (${slot} < 0) {`);
  writer.line(`into.create(${key}, ${value});`);
  writer.line(`${targetArrays.join(', ')};`);
  writer.line('target.spend(1);');
  writer.closeTo(writer.depth - 1);
  writer.open('else {');
  writer.line(`const ${held} = into$values[${slot}];`);
  writer.line(`if (${grows}(${held}, ${value}) && into.raise(${slot}, ${value})) target.spend(1);`);
  writer.closeTo(writer.depth - 1);
}
