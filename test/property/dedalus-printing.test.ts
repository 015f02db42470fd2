/**
 * A program printed in the Dedalus dialect does what it does in `.bloom`: random programs with
 * tables, deletes, upserts, negation, aggregates, alternatives and messages, timestep by timestep.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareDialects } from '../support/compare-dialects.js';
import { programText, randomEvents, randomProgram } from '../support/random-programs.js';

const numRuns = process.env['TRELLIS_NIGHTLY'] === '1' ? 3_000 : 60;

/** Without the rules that the dialect has no words for. */
const program = randomProgram.map((one) => ({
  ...one,
  rules: one.rules.filter(({ body }) => !body.some((literal) => / in /.test(literal))),
}));
const messages = [
  'channel c0(@to: addr, x: int, y: int);',
  'channel c1(x: int, @to: addr => y: int);',
  'loopback l(x: int, y: int);',
  'table from(x: int, @at: addr);',
];
const sends = fc.subarray(
  [
    'c0(m, x, y)@async :- t(x, y), cluster(m);',
    'c0(m, x, count<*>)@async :- i(x, y), cluster(m), !self(m);',
    'c1(x, m, max<y>)@async :- a(x, y), cluster(m) | i(x, y), cluster(m), y > 1;',
    'l(x + 1, y)@async :- i(x, y), x < 3 && !(y == 2);',
    'l(count<x>, y)@async :- t(x, y), notin i(y, _);',
    't(x, y)@next :- c0(_, x, y);',
    'from(x, m) :- c1(x, m, _);',
    'n(x, y)@next :- l(x, y), self("n1");',
    'upsert k(x, y) :- c1(x, m, y), self(m);',
    'delete t(x, _) :- l(x, _), from(x, m), notin c0(m, x, _);',
    'd(sum<x>, y) :- e(x, y), x >= 0 | t(y, x), y * 2 != x;',
  ],
  { minLength: 2 },
);

it('does the same in every timestep', () => {
  const seen = { commits: 0, sent: 0, replaced: 0, deleted: 0 };
  fc.assert(
    fc.property(program, sends, randomEvents, (random, clauses, events) => {
      const text = [...messages, programText(random), ...clauses].join('\n');
      const run = compareDialects(
        text,
        [[], ...events, [], []].map((rows) => ({ i: rows })),
      );
      expect(run.difference).toBeNull();
      seen.commits += run.commits;
      seen.sent += run.sent;
      if (run.text.includes('.replaced')) seen.replaced++;
      if (run.text.includes('.deleted')) seen.deleted++;
    }),
    { numRuns },
  );
  expect(seen.commits).toBeGreaterThan(2 * numRuns);
  expect(seen.sent).toBeGreaterThan(numRuns);
  expect(seen.replaced).toBeGreaterThan(numRuns / 20);
  expect(seen.deleted).toBeGreaterThan(numRuns / 20);
});
