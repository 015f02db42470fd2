import { describe, expect, it } from 'vitest';
import { valueText } from '../../../src/base/value-text.js';
import { functionExamples } from '../../../src/builtins/examples.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { latticeFunctions } from '../../../src/builtins/lattice.js';
import { programOf } from '../../support/check-fixture.js';

describe('the examples of `explain functions`', () => {
  it('show every function but those of lattices, and no other', () => {
    const ofLattices = new Set(latticeFunctions.map(({ name }) => name));
    const expected = [...builtinFunctions.keys()].filter((name) => !ofLattices.has(name));
    expect([...functionExamples.keys()].sort()).toEqual(expected.sort());
  });

  it.each([...functionExamples].map(([name, [term, value]]) => [name, term, value] as const))(
    '%s: %s is %s',
    (_, term, value) => {
      const { facts } = programOf(`example(${term}); expected(${value});`);
      expect(facts.map(({ row }) => row.map(valueText))).toEqual([[value], [value]]);
    },
  );

  it.each(
    [...functionExamples].filter(
      ([name]) => /^\w+$/.test(name) && name !== 'neg' && name !== 'not',
    ),
  )('that of %s uses it', (name, [term]) => expect(term).toMatch(new RegExp(`\\b${name}\\(`)));
});
