import { describe, expect, it } from 'vitest';
import { checkText, programOf } from '../../support/check-fixture.js';

function eventDriven(text: string): readonly string[] {
  return [...programOf(text).relations.values()]
    .filter((relation) => relation.eventDriven)
    .map((relation) => relation.name)
    .sort();
}

describe('event-driven relations', () => {
  it('are events, and what is derived from one within the timestep, negated or not', () => {
    expect(
      eventDriven(`
      input i(x: int); static s(x: int); table t(x: int);
      a(x) :- i(x), s(x);
      b(x) :- s(x), notin a(x);
      c(x) :- t(x), s(x);
      t(x) :- a(x);
      d(x) :- c(x) | b(x);`),
    ).toEqual(['a', 'b', 'd', 'i']);
  });

  it('include channels, loopbacks, periodics and the built-in events', () => {
    expect(
      eventDriven(`
      channel c(@n: addr); loopback l(x: int); periodic p(1s);
      a() :- p(_, _); b() :- now(_); d() :- boot(_); e() :- stdin(_); f() :- self(_); g() :- cluster(_);
      c(n)@async :- self(n); l(1)@async :- self(n);`),
    ).toEqual(['a', 'b', 'boot', 'c', 'd', 'e', 'l', 'now', 'p', 'stdin']);
  });

  it('include what is filled by @next or holds at boot only', () => {
    expect(
      eventDriven(
        'table t(x: int); scratch s(x: int); output o(x: int); s(x)@next :- t(x); t(x)@next :- t(x); o(1);',
      ),
    ).toEqual(['o', 's']);
  });

  it('make the rules that read them event-driven', () => {
    const { rules } = programOf(
      'input i(x: int); table t(x: int); a(x) :- t(x); t(x) :- i(x); b(x) :- t(x) | a(x), notin i(x);',
    );
    expect(rules.map((rule) => rule.eventDriven)).toEqual([false, true, true]);
  });
});

describe('observables', () => {
  const observables = (text: string): readonly string[] => programOf(text).observables;

  it('are the outputs and views', () => {
    const text =
      'input i(x: int); output o(x: int); view a(x: int); table t(x: int); o(x) :- i(x); a(x) :- i(x); t(x) :- i(x);';
    expect(observables(text)).toEqual(['a', 'o']);
    const { relations } = programOf(text);
    expect(['i', 'o', 'a', 't'].map((name) => relations.get(name)!.observable)).toEqual([
      null,
      'output',
      'view',
      null,
    ]);
  });

  it('are what no other rule reads, as views, where there are none', () => {
    const text =
      'input i(x: int); link(1, 2); p(x, y) :- link(x, y); p(x, z) :- p(x, y), p(y, z); table t(x: int); t(x) :- i(x); lone(1);';
    expect(observables(text)).toEqual(['lone', 'p', 't']);
    expect(programOf(text).relations.get('p')!.observable).toBe('view');
    expect(observables('input i(x: int); stdout("x") :- i(_); p(x) :- i(x);')).toEqual([
      'p',
      'stdout',
    ]);
  });

  it('can be chosen from outside; what is released stays', () => {
    const text = 'input i(x: int); output o(x: int); p(x) :- i(x); o(x) :- p(x);';
    const program = programOf(text, { observe: ['p'] });
    expect(program.observables).toEqual(['p']);
    expect(program.relations.get('p')!.observable).toBe('view');
    expect(program.relations.get('o')!.observable).toBe('output');
    const [unknown] = checkText(text, { observe: ['pp'] }).diagnostics;
    expect(unknown).toMatchObject({ code: 'TRL0210', help: 'did you mean `p`?' });
  });
});

describe('relations', () => {
  it('keep key, location, period and doc', () => {
    const { relations } = programOf(`
      /// Where things are.
      table at(@n: addr, k: int => v: float);
      const second = 1s;
      periodic tick(second / 2);
      p() :- tick(_, _);`);
    expect(relations.get('at')).toMatchObject({
      keyLength: 2,
      hasKey: true,
      location: 0,
      doc: 'Where things are.',
      periodMs: null,
      declared: true,
    });
    expect(relations.get('tick')).toMatchObject({
      kind: 'periodic',
      periodMs: 500,
      keyLength: 2,
      hasKey: false,
    });
    expect(relations.get('p')).toMatchObject({ columns: [], keyLength: 0 });
  });

  it('are durable where that is said', () => {
    const { relations } = programOf(`
      durable table kept(k: int); durable lattice top: lmax<int>; durable channel post(@to: addr);
      table passing(k: int); kept(k) :- passing(k);`);
    const durable = [...relations.values()].filter((relation) => relation.durable);
    expect(durable.map(({ name }) => name)).toEqual(['kept', 'top', 'post']);
  });

  it('come in order of declaration, then of first use, built-in ones last', () => {
    const { relations } = programOf('b(x) :- stdin(x), a(x), z(x); a("1"); table z(x: string);');
    expect([...relations.keys()]).toEqual(['z', 'b', 'a', 'stdin']);
  });
});
