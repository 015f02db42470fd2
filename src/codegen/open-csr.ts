/**
 * Loops over static relations of three columns and more by one known column, over the layout by
 * that column that the engine keeps of a relation that does not change (csr.ts there): the tuples of
 * a key lie together, column by column.
 */
import type { AtomAccess } from '../plan/physical-plan.js';
import type { CodeWriter } from './code-writer.js';
import type { PairContext } from './open-pairs.js';

/** Opens the search of an atom for which `isReadByLayout` holds. */
export function openByKey(access: AtomAccess, name: string, context: PairContext): void {
  const { writer, fresh, declare, lookup, word } = context;
  const [key] = access.columns as readonly [number];
  const [slot, at, end] = ['slot', 'at', 'end'].map(fresh) as [string, string, string];
  const csr = layoutName(name, key);
  writer.line(`const ${slot} = ${csr}.directory.find(${word(access, key)});`);
  writer.open(`if (${slot} >= 0) {`);
  writer.line(`const ${end} = ${csr}$offsets[${slot} + 1];`);
  writer.open(`for (let ${at} = ${csr}$offsets[${slot}]; ${at} < ${end}; ${at}++) {`);
  for (const { column, name: variable } of access.binds)
    writer.line(`const ${declare(variable)} = ${csr}$${column}[${at}];`);
  const tests = access.repeats.map(
    ({ column, name: variable }) => `${csr}$${column}[${at}] === ${lookup(variable)}`,
  );
  if (tests.length > 0) writer.open(`if (${tests.join(' && ')}) {`);
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
    writer.line(`const ${csr} = $.layoutOf(${name}, ${key}), ${csr}$offsets = ${csr}.offsets;`);
    for (const column of columns)
      writer.line(`const ${csr}$${column} = ${csr}.columns[${column}];`);
  }
}

function layoutName(name: string, key: number): string {
  return `${name}$by${key}`;
}
