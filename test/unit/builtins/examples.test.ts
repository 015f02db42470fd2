import { describe, expect, it } from 'vitest';
import { valueText } from '../../../src/base/value-text.js';
import { functionExamples } from '../../../src/builtins/examples.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { latticeFunctions } from '../../../src/builtins/lattice.js';
import { programOf } from '../../support/check-fixture.js';

describe('the examples of `explain functions`', () => {
  const ofLattices = new Set(latticeFunctions.map(({ name }) => name));
  const examples = [...functionExamples].map(
    ([name, [term, value]]) => [name, term, value] as const,
  );

  it('show every function, and no other', () => {
    expect([...functionExamples.keys()].sort()).toEqual([...builtinFunctions.keys()].sort());
    expect(ofLattices.size).toBeGreaterThan(60);
  });

  it.each(examples.filter(([name]) => !ofLattices.has(name)))('%s: %s is %s', (_, term, value) => {
    const { facts } = programOf(`example(${term}); expected(${value});`);
    expect(facts.map(({ row }) => row.map(valueText))).toEqual([[value], [value]]);
  });

  // A plain column would show the revealed value.
  it.each(examples.filter(([name]) => ofLattices.has(name)))('%s: %s is %s', (_, term, value) => {
    const { params } = programOf(`param example = ${term}; param expected = ${value};`);
    expect(params.map((param) => valueText(param.value))).toEqual([value, value]);
  });

  it.each(examples.filter(([name]) => name.includes('.')))('that of %s calls it', (name, term) =>
    expect(term).toContain(`.${name.split('.')[1]}(`),
  );

  it.each(
    [...functionExamples].filter(
      ([name]) => /^\w+$/.test(name) && name !== 'neg' && name !== 'not',
    ),
  )('that of %s uses it', (name, [term]) => expect(term).toMatch(new RegExp(`\\b${name}\\(`)));
});
