/**
 * Statics stay laid out as they were given until somebody wants more of them, and plans are made for
 * that. Every kind of head over every kind of body that reads such pairs: the engine does what the
 * reference evaluator does. Small and complete where random programs meet a shape once in thousands.
 */
import { describe, expect, it } from 'vitest';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { programOf } from '../support/reference-node.js';

const facts = `static e(a: int, b: int); static f(a: int, b: int); static u(a: int); static g(a: int, b: int, c: int);
input i(a: int, b: int); table seen(a: int, b: int); seen(x, y) :- i(x, y);
e(1, 2); e(2, 3); e(3, 1); e(4, 4); e(5, 3); e(1, 2); f(2, 1); f(3, 2); f(1, 3); f(7, 7);
u(1); u(4); g(1, 2, 3); g(4, 5, 6); g(4, 5, 7);`;

const heads = [
  'scratch h(a: int, b: int);',
  'table h(a: int, b: int);',
  'table h(a: int => b: int);',
  'table h(a: int => b: lmax<int>);',
  'output h(a: int, b: int);',
  'view h(a: int, b: int);',
];
const bodies = [
  'h(x, y) :- e(x, y);',
  'h(y, x) :- e(x, y);',
  'h(x, x) :- e(x, _);',
  'h(x, x) :- e(x, x);',
  'h(x, 3) :- e(x, 3);',
  'h(x, y) :- e(x, y), x < y;',
  'h(x, y + 1) :- e(x, y);',
  'h(x, y) :- e(x, y), f(y, x);',
  'h(x, z) :- e(x, y), f(y, z);',
  'h(x, y) :- e(x, y), notin f(x, y);',
  'h(x, y) :- e(x, y), u(x);',
  'h(x, y) :- e(x, y), notin u(x);',
  'h(x, y) :- e(x, y), seen(y, x);',
  'h(x, y) :- i(x, y), notin e(x, y);',
  'h(x, y) :- e(x, y) | f(y, x);',
  'h(x, y) :- g(x, y, _);',
  'h(y, z) :- g(_, y, z);',
  'h(x, count<y>) :- e(x, y);',
  'h(x, max<y>) :- e(x, y), seen(x, _);',
  'h(x, y)@next :- e(x, y), i(x, _);',
  'h(x, z) :- e(x, y), r(y, z); scratch r(a: int, b: int); r(x, y) :- e(x, y); r(x, z) :- r(x, y), e(y, z);',
  'h(x, z) :- r(x, z); scratch r(a: int, b: int); r(x, y) :- f(x, y); r(x, z) :- e(x, y), r(y, z);',
  'h(x, y) :- e(x, y); scratch a(x: int); a(x) :- e(x, z); scratch b(y: int); b(y) :- e(z, y);',
  'h(x, y) :- e(x, y); scratch w(x: int, y: int, z: int); w(x, y, x) :- e(x, y);',
];
const effects = [
  'table h(a: int, b: int); h(x, y)@next :- e(x, y); delete h(x, _) :- i(x, _);',
  'table h(a: int => b: int); upsert h(x, max<y>) :- e(x, y), i(x, _);',
  'table h(a: int, b: int); h(x, y) :- seen(x, y); delete h(x, y) :- h(x, y), e(x, y);',
];
const steps = [
  {},
  { i: [[1, 2]] },
  {
    i: [
      [2, 1],
      [3, 3],
    ],
  },
  {},
  { i: [[5, 3]] },
].map((events) => ({ events }));

describe.each(heads)('%s', (head) => {
  it.each(bodies)('%s', (body) => {
    expect(compareEvaluators(programOf(`${facts}\n${head}\n${body}`), steps)).toBeNull();
  });
});

it.each(effects)('%s', (text) => {
  expect(compareEvaluators(programOf(`${facts}\n${text}`), steps)).toBeNull();
});
