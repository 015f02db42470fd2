/** Lattice values in files: written as what they hold, and read back as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJson } from '../../../src/base/value-json.js';
import { valueText } from '../../../src/base/value-text.js';
import { readCell, readJson } from '../../../src/files/cell-value.js';
import { renderPieces } from '../../../src/files/render-rows.js';
import { lattices } from '../../../src/lattice/lattices.js';
import type { Type } from '../../../src/semantics/types.js';
import { shape, valueOf, type Shape } from '../lattice/arbitrary-lattice.js';

function typeOf({ name, parts }: Shape): Type {
  if (name === '(') return { kind: 'tuple', items: parts.map(typeOf) };
  if (lattices.has(name)) return { kind: 'lattice', name, arguments: parts.map(typeOf) };
  return { kind: name as 'int' };
}
const textOf = (read: ReturnType<typeof readCell>): string =>
  'problem' in read ? read.problem : valueText(read.value);

describe.each([
  'lbool',
  'lmax<int>',
  'lmin<float>',
  'lset<string>',
  'lpset<nat>',
  'lbag<string>',
  'lmap<string, lmax<int>>',
  'lvclock',
  'ldom<lvclock, lset<string>>',
  '(lbool, lset<int>)',
])('%s', (name) => {
  it('comes back from JSON and from a CSV cell', () => {
    const type = typeOf(shape(name));
    fc.assert(
      fc.property(valueOf(shape(name)), (value) => {
        expect(textOf(readJson(JSON.parse(JSON.stringify(plainJson(value))), type))).toBe(
          valueText(value),
        );
        const named = { relation: 't', columns: ['v'], rows: [[value]] };
        const csv = Buffer.concat([...renderPieces(named, 'csv', 50)] as Uint8Array[]).toString();
        const cell = csv.split('\n')[1]!;
        const bare = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(textOf(readCell(bare, type))).toBe(valueText(value));
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is no content of a lattice', () => {
  it.each([
    ['-1', 'lpset<int>'],
    ['[-1]', 'lpset<int>'],
    ['{"n1": -1}', 'lvclock'],
    ['x', 'lmax<int>'],
    ['1', 'lbool'],
    ['{"a": -2}', 'lbag<string>'],
  ])('%s is not read as %s', (text, name) => {
    expect(readCell(text, typeOf(shape(name)))).toHaveProperty('problem');
  });
});
