import { describe, expect, it } from 'vitest';
import { checkText, codesOf } from '../../support/check-fixture.js';

const declarations = `
static base(n: addr, k: int);
table t(k: int => v: int);
table u(k: int);
table l(@n: addr, k: int);
scratch s(k: int);
output o(k: int);
view w(k: int);
static st(k: int);
input i(k: int);
periodic p(1s);
channel c(@n: addr, k: int);
loopback b(k: int);
`;
/** How a head of each form into each relation is written; the body is static, so statics may be derived. */
const heads: Readonly<Record<string, string>> = {
  t: 't(k, 1)',
  u: 'u(k)',
  l: 'l(n, k)',
  s: 's(k)',
  o: 'o(k)',
  w: 'w(k)',
  st: 'st(k)',
  i: 'i(k)',
  p: 'p(k, k)',
  c: 'c(n, k)',
  b: 'b(k)',
  stdout: 'stdout("x")',
  stdin: 'stdin("x")',
  self: 'self(n)',
  cluster: 'cluster(n)',
  now: 'now(k)',
  boot: 'boot(true)',
  halt: 'halt(k)',
};
const body = 'self(n), base(_, k)';
const forms: Readonly<Record<string, (head: string) => string>> = {
  fact: (head) => `${head.replace(/\bn\b/g, '"a"').replace(/\bk\b/g, '1')};`,
  now: (head) => `${head} :- ${body};`,
  next: (head) => `${head}@next :- ${body};`,
  async: (head) => `${head}@async :- ${body};`,
  delete: (head) => `delete ${head} :- ${body};`,
  upsert: (head) => `upsert ${head} :- ${body};`,
};
const allowed: Readonly<Record<string, string>> = {
  t: 'fact now next delete upsert',
  u: 'fact now next delete',
  l: 'fact now next async delete',
  s: 'fact now next',
  o: 'fact now next',
  w: 'fact now next',
  st: 'fact now',
  i: '',
  p: '',
  c: 'async',
  b: 'async',
  stdout: 'fact now next',
  halt: 'fact now next',
  stdin: '',
  self: '',
  cluster: '',
  now: '',
  boot: '',
};

describe.each(Object.keys(heads))('heads into %s', (relation) => {
  it.each(Object.keys(forms))('as %s', (form) => {
    const text = declarations + forms[form]!(heads[relation]!);
    const isAllowed = allowed[relation]!.split(' ').includes(form);
    const { diagnostics } = checkText(text);
    if (isAllowed) expect(diagnostics.map((d) => d.message)).toEqual([]);
    else {
      expect(diagnostics).toHaveLength(1);
      expect(['TRL0502', 'TRL0503']).toContain(diagnostics[0]!.code);
      expect(diagnostics[0]!.help).toBeTruthy();
    }
  });
});

describe('heads', () => {
  it('offer the edit that makes a channel head asynchronous', () => {
    const text = 'channel c(@n: addr); static s(n: addr); c(n) :- s(n);';
    const [edit] = checkText(text).diagnostics[0]!.fixes![0]!.edits;
    expect(text.slice(0, edit!.span.start) + edit!.text + text.slice(edit!.span.end)).toContain(
      'c(n)@async :- s(n);',
    );
  });

  it('without a body take no time, action or aggregate', () => {
    expect(codesOf('table t(k: int => v: int); t(1, 2)@next;')).toEqual(['TRL0407']);
    expect(codesOf('table t(k: int => v: int); upsert t(1, 2);')).toEqual(['TRL0407']);
    expect(codesOf('table t(k: int => v: int); delete t(1, 2);')).toEqual(['TRL0407']);
    expect(codesOf('table t(k: int => v: int); t(1, count<*>);')).toEqual(['TRL0407']);
  });

  it('take aggregates with upsert, @next and @async, not with delete', () => {
    const table = 'table t(k: int => v: int); table n(k: int => c: int); ';
    expect(codesOf(`${table} upsert n(k, max<v>) :- t(k, v);`)).toEqual([]);
    expect(codesOf(`${table} n(k, max<v>)@next :- t(k, v);`)).toEqual([]);
    expect(codesOf(`${table} delete n(k, max<v>) :- t(k, v);`)).toEqual(['TRL0410']);
  });

  it('refuse ill-typed aggregates', () => {
    expect(codesOf('table t(k: int => v: int); n(any<v>) :- t(k, v);')).toEqual(['TRL0312']);
    expect(codesOf('table t(k: string => v: int); n(top<k, v>) :- t(k, v);')).toEqual(['TRL0312']);
    expect(codesOf('table t(k: string => v: int); n(map<k>) :- t(k, v);')).toEqual(['TRL0312']);
    expect(codesOf('table t(k: string => v: int); n(avg<k>) :- t(k, v);')).toEqual(['TRL0312']);
    expect(codesOf('table t(k: string => v: int); n(sum<k>) :- t(k, v);')).toEqual(['TRL0312']);
    expect(codesOf('table t(k: string => v: int); n(argmin<v>) :- t(k, v);')).toEqual(['TRL0312']);
  });

  it('of statics read statics only', () => {
    expect(
      codesOf('static s(x: int); static t(x: int); s(x) :- t(x), x > 1, notin s2(x); s2(3);'),
    ).toEqual([]);
    expect(codesOf('static s(x: int); table t(x: int); s(x) :- t(x);')).toEqual(['TRL0504']);
  });
});
