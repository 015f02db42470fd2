import { describe, expect, it } from 'vitest';
import { remarkCodes } from '../../../src/diagnostics/codes/remarks.js';
import type { Program } from '../../../src/semantics/program.js';
import { checkFixture, codesOf, printed, programOf } from '../../support/check-fixture.js';
import { compileText } from '../../support/compile-text.js';

/** Codes of what a version does not do: they come with the findings, not with the errors. */
const obstacleCodes = new Set(['TRL1111', 'TRL1113']);

describe.each(remarkCodes)('$code $title', ({ code, wrong, right }) => {
  const codes = (text: string): readonly string[] => {
    const { diagnostics, obstacles } = compileText(text);
    return [...diagnostics, ...obstacles].map((d) => d.code);
  };
  it('is what its wrong program gets, with help, and its right program does not', () => {
    expect([...new Set(codes(wrong!))]).toEqual([code]);
    expect(codes(right!)).toEqual([]);
    const { diagnostics, obstacles } = compileText(wrong!);
    expect([...diagnostics, ...obstacles].every(({ help }) => (help ?? '') !== '')).toBe(true);
    expect(diagnostics.length === 0).toBe(obstacleCodes.has(code));
  });
});

const declared = `
  static client(c: addr, weight: int);
  input action(session: int, what: string);
  input done(session: int);
  table log(session: int, what: string);
  table decided(v: string);
  table at_node(@n: addr, v: string);
  output bill(session: int, n: int);
  log(s, w) :- action(s, w);
  win: bill(s, count<*>) :- sealed log(s), log(s, _);
  bill(s, 0) :- action(s, _), sealed action();
  bill(s, 1) :- done(s);
`;
const statements = `
  seal log on (session) from client(c, _) when done(session);
  seal action when done(_);
  assume win "losing is \\"harmless\\"";
  assume "bill#2" "x";
  coordinate log order (session);
  coordinate action none;
  coordinate bill auto;
  /// No two nodes decide differently.
  invariant agreement: !(decided(v1)@n1, decided(v2)@n2, v1 != v2);
  invariant local: !(decided("x"), notin log(s + 1, _), s = 3 | decided("q")@"a", notin decided("r")@_);
  invariant where: !(at_node(n, v), at_node(m, v), n != m);
`;

describe('statements about a program', () => {
  it('are carried into the program', () => {
    const { remarks } = programOf(declared + statements);
    expect(remarks.seals).toMatchObject([
      {
        relation: 'log',
        columns: [0],
        producers: { relation: 'client', column: 0, variable: 'c' },
        when: { relation: 'done', arguments: [{ kind: 'variable', name: 'session' }] },
      },
      {
        relation: 'action',
        columns: null,
        producers: null,
        when: { arguments: [{ kind: 'wildcard' }] },
      },
    ]);
    expect(remarks.assumptions).toMatchObject([
      { rule: 'win', reason: 'losing is "harmless"' },
      { rule: 'bill#2', reason: 'x' },
    ]);
    expect(remarks.coordinations).toMatchObject([
      { relation: 'log', mechanism: 'order', key: [0] },
      { relation: 'action', mechanism: 'none', key: null },
      { relation: 'bill', mechanism: 'auto', key: null },
    ]);
    expect(remarks.invariants.map(({ name, bodies, doc }) => [name, bodies.length, doc])).toEqual([
      ['agreement', 1, 'No two nodes decide differently.'],
      ['local', 2, null],
      ['where', 1, null],
    ]);
  });

  it('print and parse back to the same program', () => {
    const essence = ({ remarks, rules }: Program): unknown =>
      JSON.parse(
        JSON.stringify(
          { remarks, bodies: rules.map(({ bodies }) => bodies) },
          (key, value: unknown) => (key === 'span' ? undefined : value),
        ),
      );
    const program = programOf(declared + statements);
    const text = printed(program);
    expect(text).toContain('win: bill(s, count<*>) :- sealed log(s), log(s, _);');
    expect(text).toContain('invariant agreement: !(decided(v1)@n1, decided(v2)@n2, v1 != v2);');
    const again = programOf(text);
    expect(essence(again)).toEqual(essence(program));
    expect(printed(again)).toBe(text);
  });

  it('leave their words to relations, labels and variables', () => {
    const text = `seal(1); on(1, 2); from(1); when(2); sealed(x) :- seal(x), on(x, when), from(when) | on(x, _), !sealed2(x);
      assume: sealed2(seal) :- seal(seal); invariant(x) :- sealed(x); coordinate(on, from) :- on(on, from);`;
    expect(codesOf(text)).toEqual([]);
  });

  it('may be of 200 lines and in any order', () => {
    const many = Array.from(
      { length: 200 },
      (_, i) => `invariant i${i}: !(decided(v), v == "${i}");`,
    );
    expect(codesOf([...many, statements, declared].join('\n'))).toEqual([]);
  });
});

describe('mistakes in statements about a program', () => {
  it.each([
    `
seal lgo when done(_);
     ^^^ TRL0201 there is no relation \`lgo\`
`,
    `
seal log on (sesion) when done(_);
             ^^^^^^ TRL0302 \`log\` has no column \`sesion\`
`,
    `
seal log on (session, session) when done(_);
                      ^^^^^^^ TRL0303 given twice
`,
    `
seal log on (what) when done(what);
                             ^^^^ TRL0311 \`what\` is int here, but string where it was bound before
`,
    `
seal log when done(1, 2);
              ^^^^^^^^^^ TRL0301
`,
    `
seal log when dune(_);
              ^^^^ TRL0201 there is no relation \`dune\`
`,
    `
seal log from client(_, w) when done(_);
                        ^ TRL1103 holds no names of nodes
`,
    `
seal log from client(c, w) when done(_);
              ^^^^^^^^^^^^ TRL1103 one column of a static
`,
    `
seal log from decided(c) when done(_);
              ^^^^^^^ TRL1103 is a table
`,
    `
seal log on (session) when done(session + 1);
                                ^^^^^^^^^^^ TRL1104 names, constants and
`,
    `
assume wni "x";
       ^^^ TRL1106 there is no rule called \`wni\`
`,
    `
assume bill "x";
       ^^^^ TRL1106 there is no rule called \`bill\`
`,
    `
coordinate lgo none;
           ^^^ TRL0201
coordinate log order (sesion);
                      ^^^^^^ TRL0302
`,
    `
invariant i: !(decided(v)@n, w > 1);
                             ^ TRL0403 nothing binds \`w\`
invariant j: !(decided(v)@n, notin decided(v)@m);
                                              ^ TRL0402 nothing binds \`m\`
invariant k: !(decided(v, v));
               ^^^^^^^^^^^^^ TRL0301
invariant l: !(decided(1));
                       ^ TRL0310
invariant m: !(undecided(v));
               ^^^^^^^^^ TRL0201
invariant n: !(undecided(v), v != "a");
               ^^^^^^^^^ TRL0201
`,
    `
invariant i: !(decided(v), v == "a");
invariant i: !(decided(v)@n, n == "b");
          ^ TRL1102 \`i\` has two invariants
`,
    `
seal client when done(_);
     ^^^^^^ TRL1101 \`client\` is static and complete from the start, so nobody can seal it
`,
    `
bill(s, 3) :- boot(_), done(s);
seal boot when done(_);
     ^^^^ TRL1101 \`boot\` is built in, so nobody can seal it
`,
    `
periodic beat(1s);
seal beat when done(_);
     ^^^^ TRL1101 \`beat\` is a periodic, and time goes on, so nobody can seal it
`,
    `
seal log on (session) when done(session);
bill(s, 2) :- sealed log(s), sealed action(s);
                                    ^^^^^^ TRL1105 nothing seals \`action\`, so it is never sealed
`,
    `
assume win "  ";
^^^^^^^^^^^^^^^ TRL1107 nothing says why \`win\` is harmless
`,
    `
bill(s, 3) :- boot(_), done(s);
coordinate client order;
           ^^^^^^ TRL1108 \`client\` is a static: there is nothing to coordinate
coordinate boot none;
           ^^^^ TRL1108 \`boot\` is built in: there is nothing to coordinate
coordinate log seal (session);
                     ^^^^^^^ TRL1108 only \`order\` takes columns, not \`seal\`
`,
    `
invariant i: !(at_node(_, v)@m, v == "a");
                             ^ TRL1109 a tuple of \`at_node\` lives at the node in its column \`n\`
invariant j: !(decided(v), v > "a"@m);
                                   ^ TRL1109 only a tuple is at a node; this is no relation
`,
    `
seal log on (session) when done(session);
invariant i: !(log(s, _), sealed log(s));
                          ^^^^^^^^^^^^^ TRL1110 an invariant speaks of tuples, and a seal is none
`,
  ])('%s', (fixture) => {
    const base = declared
      .replace(/.*sealed.*\n/g, '')
      .replace('win: ', '')
      .trim();
    const win = 'win: bill(s, 7) :- done(s);';
    const { actual, expected } = checkFixture(`${base}\n${win}\n${fixture.trim()}`);
    expect(actual).toEqual(expected);
  });

  it('suggest the name that is meant', () => {
    const { diagnostics } = compileText(
      `${declared} seal log on (session) when done(session); seal action when done(_); assume wim "x";`,
    );
    expect(diagnostics).toMatchObject([{ code: 'TRL1106', help: 'did you mean `win`?' }]);
  });
});

describe('what a version does not do', () => {
  it('is an obstacle to running, once for each seal and wish, and a warning of check', () => {
    const compilation = compileText(
      `${declared} seal log on (session) when done(_); seal action when done(_); coordinate log cut; coordinate decided order (v);`,
    );
    expect(compilation.diagnostics).toEqual([]);
    expect(compilation.obstacles.map(({ code, severity }) => [code, severity])).toEqual([
      ['TRL1113', 'error'],
      ['TRL1111', 'error'],
      ['TRL1111', 'error'],
    ]);
    const shown = compilation.findings.filter(({ code }) => obstacleCodes.has(code));
    expect(shown.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  });

  it('is not proved either where rules decide when a seal comes', () => {
    const race = (condition: string): string => {
      const { compiled } = compileText(
        `input wish(who: string); input over(who: string); channel ask(@at: addr, who: string);
        table taken(slot: int => who: string); table action(who: string); scratch won(who: string); output bill(who: string);
        ask(n, w)@async :- wish(w), cluster(n); action(w) :- wish(w);
        taken(0, min<w>)@next :- ask(_, w), notin taken(0, _); won(w) :- taken(_, w) | over(w);
        seal action on (who) when ${condition}(who); bill(w) :- sealed action(w);`,
      );
      const bill = compiled!.confluence.observables.find(({ relation }) => relation === 'bill');
      return `${bill!.verdict} ${bill!.blame.map(({ reason }) => reason).join()}`;
    };
    expect(race('won')).toBe('divergent reads-changing-state');
    expect(race('over')).toBe('confluent ');
  });

  it('is proved only for a rule that waits for the seal of what it reads', () => {
    const { compiled } = compileText(
      'table log(s: int); input e(s: int); input done(s: int); output early(s: int); output late(s: int); scratch known(s: int); log(s) :- e(s); seal log on (s) when done(s); known(s) :- sealed log(s); early(s) :- log(s), notin known(s); late(s) :- sealed log(s), log(s);',
    );
    const verdicts = compiled!.confluence.observables.map(({ relation, verdict }) => [
      relation,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ['early', 'convergent'],
      ['late', 'confluent'],
    ]);
  });
});
