/**
 * Names and strings that look like code, through the whole compiler and every way of running: they
 * stay names and strings. The reference evaluator, which generates nothing, says what comes out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteString } from '../../src/base/value-text.js';
import { makeEvaluatorFactory, type EvaluatorChoice } from '../../src/compiler/node-program.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { linkClosures } from '../../src/engine/closure-unit.js';
import { compileSound } from '../support/compile-text.js';

const names = (
  'constructor __proto__ prototype hasOwnProperty toString valueOf arguments eval this function ' +
  'return throw class new delete await undefined NaN Infinity globalThis process Math head into ' +
  'target groups error rule0 v0 c0 f0 r0 counts use strict relations'
).split(' ');
const name = fc.oneof(
  fc.constantFrom(...names),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,40}$/),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{300,600}$/),
);
/** Words of the language, and what is built in. */
const taken = new Set(
  'notin in true false null if then else _ cluster self now boot stdin stdout stderr halt sealed reveal'.split(
    ' ',
  ),
);
const distinctNames = fc.uniqueArray(
  name.filter((text) => !taken.has(text)),
  { minLength: 9, maxLength: 9 },
);
const text = fc.oneof(
  fc.constantFrom(
    '"; throw 1; //',
    '`${throw 1}`',
    '*/ throw 1 /*',
    "');throw 1;('",
    '\\',
    '\\u0027',
    '//',
    '\u2028throw 1',
    '\u2029',
    '\n\r\u0000',
    '\ud800',
    '</script>',
    '${1}',
    '#!',
    '%s',
    '-->',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const hostile = fc.tuple(distinctNames, text, text, text).map(([all, s, t, u]) => {
  const [table, fixed, out, label, a, b, x, y, z] = all as [
    ...[string, string, string, string, string],
    ...[string, string, string, string],
  ];
  const [one, two, three] = [s, t, u].map(quoteString) as [string, string, string];
  return `static ${fixed}(${a}: string, ${b}: any); ${fixed}(${one}, ${two}); ${fixed}(${two}, 1);
    ${fixed}(${three}, ${one});
    table ${table}(${a}: string, ${b}: any); output ${out}(${a}: string, ${b}: int);
    ${label}: ${table}(${x} ++ ${three}, ${y}) :- ${fixed}(${x}, ${y}), ${x} != ${three};
    ${table}(${x}, ${z}) :- ${table}(${x}, ${y}), ${fixed}(${y}, ${z}), notin ${fixed}(${one}, ${z});
    ${out}(${x}, count<${y}>) :- ${table}(${x}, ${y}), (${z}, _) in {${three}: 1, ${one}: 2}, ${z} >= ${one};
    ${table}(${x}, [${one}, ${x}])@next :- ${fixed}(${x}, ${two});`;
});

/** What every relation holds after two timesteps. */
function contents(compiled: CompiledProgram, choice: EvaluatorChoice): unknown {
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 1000 }, choice);
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
  const results = [{ first: true }, null].map((boot, nowMs) =>
    evaluator.timestep({ events: [], nextTuples: [], nowMs, boot }),
  );
  const relations = [...compiled.coordinated.relations.keys()];
  return { results, held: relations.map((relation) => evaluator.query(relation)) };
}

describe('hostile names and strings', () => {
  it('come out of generated code as they went in', () => {
    fc.assert(
      fc.property(hostile, (source) => {
        const compiled = compileSound(source);
        const expected = contents(compiled, { kind: 'reference' });
        expect(contents(compiled, { kind: 'engine' })).toEqual(expected);
        expect(contents(compiled, { kind: 'engine', profileMs: () => 0 })).toEqual(expected);
        expect(contents(compiled, { kind: 'engine', linker: linkClosures })).toEqual(expected);
      }),
      { numRuns: process.env['TRELLIS_NIGHTLY'] === '1' ? 3000 : 60 },
    );
  });
});
