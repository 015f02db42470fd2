import { describe, expect, it } from 'vitest';
import { checkAlikeData } from '../../../src/compiler/check-alike-data.js';
import { compileSound } from '../../support/compile-text.js';

const desks = `static desk(n: addr); static open(id: int); static local(id: int); static rate(k: int => r: int);
  input wish(id: int); channel ask(@d: addr, id: int);
  ask(d, i)@async :- wish(i), local(i), desk(d);
  table first(k: int => id: int); first(1, min<i>)@next :- ask(_, i), open(i), notin first(1, _);
  output f(id: int); f(i) :- first(_, i);
  output other(id: int); other(i) :- ask(_, i), local(i);`;
const failing = `${desks}
  scratch share(x: int); share(i / r) :- ask(_, i), rate(1, r);`;
const nodes = ['a', 'b'];
const codes = (
  relation: string,
  rowsByNode: Readonly<Record<string, readonly (readonly [string | number])[]>>,
  {
    coordinate = 'auto',
    text = desks,
  }: { readonly coordinate?: 'auto' | 'none'; readonly text?: string } = {},
): readonly string[] => {
  const facts = Object.entries(rowsByNode).map(([node, rows]) => ({
    node: node === 'all' ? null : node,
    relation,
    rows,
  }));
  const compiled = compileSound(text, { coordinate });
  return checkAlikeData(compiled, nodes, facts).map(({ code, message }) => `${code} ${message}`);
};

describe('data under coordination', () => {
  it('must be alike for the fan-out, at all senders', () => {
    expect(codes('desk', { a: [['a']], b: [['a'], ['b']] })).toEqual([
      'TRL1015 `desk` has other rows at node `b` than at node `a`, and the ordered log of `ask` needs them alike',
    ]);
  });

  it('must be alike for what is discharged, and for what may fail', () => {
    expect(codes('open', { a: [[1]], all: [[2]] })).toHaveLength(1);
    expect(codes('rate', { b: [[1]] }, { text: failing })).toHaveLength(1);
  });

  it('must be alike for what comes beside what may fail: the log is there for it too', () => {
    expect(codes('local', { a: [[1]], b: [[2]] }, { text: failing })).toHaveLength(1);
  });

  it('must be alike where it names the producers of a seal, whether that is written or inserted', () => {
    const sealed = `static who(c: addr); static client(c: addr); client(c) :- who(c); static rate(k: int);
      input act(s: string, i: int); input done(s: string); channel action(@at: addr, s: string, i: int);
      table log(s: string, i: int); output bill(s: string, n: int);
      action("b", s, i)@async :- act(s, i), rate(i); log(s, i) :- action(_, s, i);
      bill(s, count<i>) :- log(s, i), sealed action(s); seal action on (s) from client(c) when done(s);`;
    const differs = [
      'TRL1015 `who` has other rows at node `b` than at node `a`, and whoever waits for the seal of `action` needs them alike',
    ];
    const rows = { a: [['a']], b: [['b']] } as const;
    expect(codes('who', rows, { text: sealed, coordinate: 'none' })).toEqual(differs);
    const unwritten = sealed.replace(', sealed action(s)', '');
    expect(codes('who', rows, { text: unwritten })).toEqual(differs);
    expect(codes('who', rows, { text: unwritten, coordinate: 'none' })).toEqual([]);
    expect(codes('rate', { a: [[1]], b: [[2]] }, { text: sealed })).toEqual([]);
  });

  it('may say the same node by node', () => {
    expect(codes('desk', { a: [['a'], ['b']], b: [['b']], all: [['a'], ['b']] })).toEqual([]);
  });

  it('may differ where no entry is concerned, or where there is no log', () => {
    expect(codes('local', { a: [[1]], b: [[2]] })).toEqual([]);
    expect(codes('desk', { a: [['a']], b: [['b']] }, { coordinate: 'none' })).toEqual([]);
  });
});

describe('data of cluster-wide rules', () => {
  const text = `static desk(x: int); static shop(x: int); static own(x: int);
    shop(x) :- desk(x);
    table p(x: int) partition by (x);
    p(x) :- shop(x);
    output o(x: int); o(x) :- own(x);`;

  it('must be alike, also where statics follow from it', () => {
    expect(codes('desk', { a: [[1]], b: [[2]] }, { text, coordinate: 'none' })).toEqual([
      'TRL1015 `desk` has other rows at node `b` than at node `a`, and a rule over cluster-wide relations, which is evaluated where its tuples are, needs them alike',
    ]);
  });

  it('may say the same node by node, or differ where no such rule reads it', () => {
    expect(codes('desk', { a: [[1]], b: [[1]] }, { text })).toEqual([]);
    expect(codes('own', { a: [[1]], b: [[2]] }, { text })).toEqual([]);
  });
});
