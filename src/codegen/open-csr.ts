/**
 * Searches by one known column through layouts of what does not change (csr.ts in the engine): the tuples of a word lie together, column by column, from `offsets[place]` on.
 */
import type { AtomAccess } from '../plan/physical-plan.js';
import type { CodeWriter } from './code-writer.js';
import type { PairContext } from './open-pairs.js';

/** Opens the search of an atom for which `isReadByLayout` holds. */
export function openByKey(access: AtomAccess, name: string, context: PairContext): void {
  const { writer, fresh, declare, lookup, word } = context;
  const [key] = access.columns as readonly [number];
  const csr = layoutName(name, key);
  const [start, end] = openPlace(csr, word(access, key), context);
  const at = fresh('at');
  writer.open(`for (let ${at} = ${start}; ${at} < ${end}; ${at}++) {`);
  for (const { column, name: variable } of access.binds)
    writer.line(`const ${declare(variable)} = ${columnOf(name, key, column)}[${at}];`);
  const tests = access.repeats.map(
    ({ column, name: variable }) => `${csr}$${column}[${at}] === ${lookup(variable)}`,
  );
  if (tests.length > 0) writer.open(`if (${tests.join(' && ')}) {`);
}

/** Opens a block where a word has a place; the names of where its tuples begin and end. */
export function openPlace(
  layout: string,
  word: string,
  { writer, fresh }: Pick<PairContext, 'writer' | 'fresh'>,
): readonly [start: string, end: string] {
  const [place, start, end] = ['place', 'from', 'to'].map(fresh) as [string, string, string];
  writer.line(`let ${place} = (${word} - ${layout}$low) | 0;`);
  writer.line(`if ((${place} & ${layout}$outside) !== 0) ${place} = ${layout}.find(${word});`);
  writer.open(`if (${place} >= 0) {`);
  writer.line(
    `const ${start} = ${layout}$offsets[${place}], ${end} = ${layout}$offsets[${place} + 1];`,
  );
  return [start, end];
}

/** Fetches what `openPlace` reads of a layout. */
export function fetchPlaces(layout: string, writer: CodeWriter): void {
  writer.line(
    `const ${layout}$offsets = ${layout}.offsets, ${layout}$low = ${layout}.low, ${layout}$outside = ${layout}.outside;`,
  );
}

/** Fetches what `openByKey` reads, at the beginning of a function. */
export function fetchByKey(
  accesses: readonly AtomAccess[],
  name: string,
  writer: CodeWriter,
): void {
  for (const key of new Set(accesses.map(({ columns }) => columns[0]!))) {
    const own = accesses.filter(({ columns }) => columns[0] === key);
    const columns = new Set(
      own.flatMap(({ binds, repeats }) => [...binds, ...repeats].map(({ column }) => column)),
    );
    const csr = layoutName(name, key);
    writer.line(`const ${csr} = ${name}.rowsBy(${key});`);
    fetchPlaces(csr, writer);
    for (const column of columns)
      writer.line(`const ${csr}$${column} = ${csr}.columns[${column}];`);
  }
}

/** The name of a column of the layout by a key, once it is fetched. */
export function columnOf(name: string, key: number, column: number): string {
  return `${layoutName(name, key)}$${column}`;
}

function layoutName(name: string, key: number): string {
  return `${name}$by${key}`;
}
