/**
 * Recursions that close their relation under transitivity are left to the engine as a whole, if
 * their relation starts with what the rules suppose. All ways to write one, over all kinds of
 * relations, with more in it than that, and with changes from timestep to timestep: the engine does
 * what the reference evaluator does.
 */
import { describe, expect, it } from 'vitest';
import { planProgram } from '../../src/plan/plan-program.js';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { programOf } from '../support/reference-node.js';

const base = `static e(a: int, b: int); e(1, 2); e(2, 3); e(3, 1); e(3, 4); e(4, 4); e(6, 5); e(5, 9);
input i(a: int, b: int); input less(a: int, b: int); table t(a: int, b: int); t(x, y) :- i(x, y); delete t(x, y) :- less(x, y);
scratch n(a: int, b: int); n(x, y) :- t(x, y) | e(x, y);`;
const heads = [
  'scratch p(a: int, b: int);',
  'view p(a: int, b: int);',
  'output p(a: int, b: int);',
];
const sources = ['e', 't', 'i', 'n'];

/** With the relation that is closed in place of `s`. */
const closing = [
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), s(y, z);',
  'p(x, y) :- s(x, y); p(x, z) :- s(x, y), p(y, z);',
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), p(y, z);',
  'p(x, y) :- s(x, y) | s(x, z), p(z, y);',
  'p(x, y) :- s(y, x); p(x, z) :- p(y, z), p(x, y);',
  'p(x, z) :- p(x, y), p(y, z); p(x, x) :- s(x, _); p(x, 3) :- s(x, 4), notin i(x, x);',
];
const others = [
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), s(y, z); p(y, x) :- s(x, y);',
  'p(x, y) :- s(x, y), x < y; p(x, z) :- p(x, y), s(y, z);',
  'p(x, x) :- s(x, _); p(x, z) :- p(x, y), s(y, z);',
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), s(z, y);',
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), s(y, z); p(x, z) :- s(x, y), p(y, z);',
  'p(x, y) :- s(x, y); p(z, x) :- p(x, y), p(y, z);',
  'p(x, y) :- s(x, y); p(x, y) :- p(x, y), p(y, y);',
  'p(x, y) :- s(x, y); p(x, z) :- p(x, y), e(y, z);',
];
/** What it starts with beside what the rules say. */
const more = ['', 'p(x, y)@next :- i(x, y);', 'p(7, 1);'];

const steps = [
  {},
  { i: [[1, 2]] },
  {
    i: [
      [4, 6],
      [9, 3],
      [8, 8],
    ],
  },
  {},
  { less: [[4, 6]], i: [[5, 3]] },
  {
    less: [
      [1, 2],
      [9, 3],
    ],
  },
].map((events) => ({ events }));

function closureOf(rules: string): unknown {
  const { strata } = planProgram(programOf(rules));
  return strata.find(({ isRecursive }) => isRecursive)?.closure;
}

describe.each(heads)('%s', (head) => {
  it.each([...closing, ...others])('%s', (rules) => {
    for (const source of sources)
      for (const beside of more) {
        const text = `${base}\n${head}\n${rules.replaceAll('s(', `${source}(`)}\n${beside}`;
        expect(compareEvaluators(programOf(text), steps), text).toBeNull();
      }
  });
});

it('tells which recursions are closures, and of what', () => {
  for (const rules of closing) {
    const text = `${base}\nview p(a: int, b: int);\n${rules.replaceAll('s(', 'e(')}`;
    const isTwice = /p\([^)]*\), p\(/.test(rules);
    expect(closureOf(text), text).toEqual({ copyOf: isTwice ? null : 'e' });
  }
  for (const rules of others) {
    const text = `${base}\nview p(a: int, b: int);\n${rules.replaceAll('s(', 'n(')}`;
    expect(closureOf(text), text).toBeNull();
  }
});
