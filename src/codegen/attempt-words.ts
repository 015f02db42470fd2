/**
 * Words of a head whose computing may fail without this being a failure: a lattice value is at its
 * bottom, or still grows to where it does not fail. All are computed one after the other and then
 * tested, as the reference evaluator does it; what follows is entered if all went well.
 */
import type { CodeUnit } from './code-unit.js';
import { identifier } from './quote.js';

/** The names of the words; `tests` are functions that throw where a word does not fit its column. Opens a block. */
export function attemptWords(
  unit: CodeUnit,
  words: readonly string[],
  tests: readonly (string | null)[],
): readonly string[] {
  const { writer } = unit;
  const fresh = (prefix: string): string => identifier(prefix, unit.nextNumber(), '');
  const names = words.map(() => fresh('w'));
  const done = fresh('done');
  writer.line(`let ${[...names, `${done} = false`].join(', ')};`);
  writer.open('try {');
  for (const [i, word] of words.entries()) writer.line(`${names[i]} = ${word};`);
  for (const [i, test] of tests.entries()) if (test !== null) writer.line(`${test}(${names[i]});`);
  writer.line(`${done} = true;`);
  writer.closeTo(writer.depth - 1);
  writer.open('catch (error) {');
  writer.line(`${unit.helper('headFailed')}(error);`);
  writer.closeTo(writer.depth - 1);
  writer.open(`if (${done}) {`);
  return names;
}
