/** Generated code: what it looks like, and that a program's own text never gets into it as code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEngineProgram } from '../../../src/compiler/node-program.js';
import { generateModule } from '../../../src/codegen/generate-module.js';
import { indexLayout, pairLayout } from '../../../src/codegen/open-pairs.js';
import { identifier, quoteComment, quoteText } from '../../../src/codegen/quote.js';
import { createEngineEvaluator } from '../../../src/engine/engine-evaluator.js';
import { DELTA_END, OLD_END, SLOT_SHIFT, VECTOR_BASE } from '../../../src/engine/pair-slots.js';
import {
  ENTRY_BASE,
  ENTRY_COUNT,
  ENTRY_OLD,
  ENTRY_SHIFT,
} from '../../../src/engine/slot-vectors.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import type { Program } from '../../../src/semantics/program.js';
import { programOf } from '../../support/reference-node.js';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '"; throw 1; //',
    '`${throw 1}`',
    "'\n\r\u2028\u2029*/ throw 1 /*",
    '\\',
    '\ud800',
    '\u0000',
    '__proto__',
    'constructor',
    'return',
  ),
);

function sourceOf(text: string): string {
  return generateModule(planProgram(programOf(text))).source;
}

/** The program with every name and string that it has replaced. */
function renamed(program: Program, text: string): Program {
  const name = (plain: string): string => `${text}${plain}`;
  const replace = (part: unknown): unknown => {
    if (part instanceof Map)
      return new Map([...(part as Map<string, unknown>)].map(([k, v]) => [name(k), replace(v)]));
    if (Array.isArray(part)) return part.map(replace);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => {
        const isName =
          typeof value === 'string' && ['name', 'relation', 'rule', 'value'].includes(key);
        return [key, isName ? name(value) : replace(value)];
      }),
    );
  };
  return replace(program) as Program;
}

describe('quoting', () => {
  it('gives any text back, on one line of ASCII', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(quoteText(text)).toMatch(/^"[\x20-\x7e]*"$/);
        expect(JSON.parse(quoteText(text))).toBe(text);
        expect(quoteComment(text)).toMatch(/^\/\/ [\x20-\x7e]*$/);
        expect(identifier('v', 1, text)).toMatch(/^v1(?:_[A-Za-z0-9_]*)?$/);
      }),
    );
  });
});

describe('generated code', () => {
  it('finds things where the engine keeps them', () => {
    expect(pairLayout).toEqual({
      shift: SLOT_SHIFT,
      base: VECTOR_BASE,
      oldEnd: OLD_END,
      deltaEnd: DELTA_END,
    });
    expect(indexLayout).toEqual({
      shift: ENTRY_SHIFT,
      base: ENTRY_BASE,
      count: ENTRY_COUNT,
      oldEnd: ENTRY_OLD,
    });
  });

  it('inserts whole runs where the head takes the last column as it is', () => {
    const rules = 'view p(x: int, y: int); p(x, y) :- e(x, y); p(x, z) :- p(x, y), e(y, z);';
    const source = sourceOf(`table e(x: int, y: int); ${rules}`);
    expect(source.match(/insertRun/g)).toHaveLength(1);
    expect(source).not.toContain('forEach');
    // All runs at once where nothing else can have a say.
    expect(sourceOf(`static e(x: int, y: int); ${rules}`)).toContain('into.insertRows(r0_e$by0)');
  });

  it('keeps hold of the key while a loop lies between it and what is inserted', () => {
    const source = sourceOf(
      'static e(x: int, y: int); view s(x: int, y: int); s(x, y) :- e(x, y); s(x, y) :- e(a, x), s(a, b), e(b, y);',
    );
    const version = source.slice(source.indexOf('// s#2, new tuples of literal 2'));
    const places = ['_a = ', '_x = ', 'slotOrNext(', '_b = ', '_y = ', 'insertSlowly('].map(
      (text) => version.indexOf(text),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('does what it did before, whatever names and strings are', () => {
    const program = programOf(
      `table t(x: string => y: any); input i(x: string, y: any); view v(x: any, n: int);
       l: upsert t(x, s) :- i(x, y), s = (x, "a", y), not_it != x, not_it = "b";
       v(x, count<y>) :- t(x, y), notin i(x, 1);`,
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const odd = renamed(program, text);
        const evaluator = createEngineEvaluator(
          makeEngineProgram(odd),
          { name: 'n', cluster: ['n'], facts: [] },
          { maxTuples: 1000 },
        );
        const events = [
          {
            relation: `${text}i`,
            rows: [
              ['k', 2],
              [`${text}b`, 3],
            ],
          },
        ];
        const commit = evaluator.timestep({
          events,
          nextTuples: [],
          nowMs: 0,
          boot: { first: true },
        });
        expect(commit.kind).toBe('commit');
        const row = ['k', { kind: 'tuple', items: ['k', `${text}a`, 2] }];
        expect(evaluator.query(`${text}t`)).toEqual([row]);
      }),
    );
  });

  it('names the rule in a comment that cannot end early', () => {
    const source = sourceOf('static e(x: int); view p(x: int); a_label: p(x) :- e(x);');
    expect(source).toContain('// a_label\n');
  });
});
