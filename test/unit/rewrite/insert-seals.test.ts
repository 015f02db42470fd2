/** Seals that the compiler inserts: where they suffice, and nowhere else. */
import { describe, expect, it } from 'vitest';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { allSchedules, everShown } from '../../support/all-schedules.js';
import type { Put } from '../../support/all-schedules.js';
import { compileSound, compileText } from '../../support/compile-text.js';

const base = `static client(c: addr); client("a");
  input act(s: string, x: int); input done(s: string); input ask(s: string);
  channel action(@to: addr, s: string, x: int); channel asked(@to: addr, s: string);
  table log(s: string, x: int);
  action("b", s, x)@async :- act(s, x); asked("b", s)@async :- ask(s); log(s, x) :- action(_, s, x);
  seal action on (s) from client(c) when done(s);`;
const counted = `${base} output bill(s: string, n: int); bill(s, count<x>) :- log(s, x);`;
const answered = `${base} output bill(s: string, n: int); scratch total(s: string, n: int);
  total(s, count<x>) :- log(s, x); bill(s, n) :- asked(_, s), total(s, n);`;

const inserted = (text: string): CompiledProgram => compileSound(text, { coordinate: 'auto' });
const puts: readonly Put[] = [
  ['a', 'act', ['s', 1]],
  ['a', 'act', ['s', 2]],
  ['a', 'done', ['s']],
  ['b', 'ask', ['s']],
];
/** What the outcomes of all schedules show, of the program as it is or as it is coordinated. */
const shown = (compiled: CompiledProgram, given = puts, relation = 'bill'): readonly string[] => {
  const checked = allSchedules(compiled, ['a', 'b'], given);
  expect(checked.isComplete, `${checked.states} states`).toBe(true);
  return everShown(checked, relation);
};
const coordinated = (compiled: CompiledProgram): CompiledProgram => ({
  ...compiled,
  bare: compiled.coordinated,
});
const changed = ({ program, guarded }: CompiledProgram): readonly string[] =>
  guarded.rules.flatMap(({ name, bodies }, i) =>
    bodies === program.rules[i]?.bodies ? [] : [name],
  );

describe('a rule that is to blame for what is taken back', () => {
  it('waits for the seal that closes what it reads, which is needed and enough', () => {
    const compiled = inserted(counted);
    expect(compiled.plan).toEqual({
      orderedLog: null,
      seals: [{ relation: 'bill', seal: 'action', key: ['s'], rules: ['bill#1'], held: [] }],
      barrier: null,
      unsealed: [],
      points: [],
      unmet: [],
    });
    expect(changed(compiled)).toEqual(['bill#1']);
    const given = puts.slice(0, 3);
    expect(shown(compiled, given).length).toBeGreaterThan(1);
    expect(shown(coordinated(compiled), given)).toEqual(['[["b","s",2]]']);
  });

  it('has the events that it meets kept until then', () => {
    const compiled = inserted(answered);
    expect(compiled.plan.seals).toEqual([
      { relation: 'bill', seal: 'action', key: ['s'], rules: ['bill#1'], held: ['asked'] },
    ]);
    expect(compiled.plan.orderedLog).toBeNull();
    expect(changed(compiled)).toEqual(['bill#1', 'asked_held#1']);
    expect(shown(compiled).length).toBeGreaterThan(1);
    expect(shown(coordinated(compiled))).toEqual(['[["b","s",2]]']);
  });

  it('waits in each of its alternatives', () => {
    const compiled = inserted(
      `${base} table more(s: string, x: int); more(s, x) :- act(s, x); seal act on (s) when done(s);
       output bill(s: string, n: int); bill(s, 1) :- log(s, _), notin log(s, 2) | more(s, _), notin more(s, 2);`,
    );
    expect(compiled.plan.seals.map(({ seal }) => seal)).toEqual(['act', 'action']);
  });

  it('leaves what may be shown before as it is: the next rule waits', () => {
    const text = `${answered.replace('asked(_, s), ', '')} view sofar(s: string, n: int); sofar(s, n) :- total(s, n);`;
    const compiled = inserted(text);
    expect(changed(compiled)).toEqual(['bill#1']);
    const given = puts.slice(0, 3);
    expect(shown(coordinated(compiled), given)).toEqual(['[["b","s",2]]']);
    expect(shown(coordinated(compiled), given, 'sofar')).toEqual(shown(compiled, given, 'sofar'));
  });

  it('gets no guard twice where two observables need the same', () => {
    const text = `${base} scratch total(s: string, n: int); total(s, count<x>) :- log(s, x);
      output bill(s: string, n: int); bill(s, n) :- total(s, n); output twice(n: int); twice(n + n) :- total(_, n);`;
    const compiled = inserted(text);
    expect(changed(compiled)).toEqual(['total#1']);
    expect(compiled.plan.unmet).toEqual([]);
  });
});

describe('no seal is inserted', () => {
  const unmet = (text: string): readonly string[] =>
    inserted(text).plan.unmet.map(({ relation, reason }) => `${relation}: ${reason}`);
  const until = 'until `action` is complete, what it shows may be taken back';

  it('where it would not close what is read', () => {
    const text = counted.replace(
      'bill(s, count<x>) :- log(s, x)',
      'bill("all", count<x>) :- log(_, x)',
    );
    expect(changed(inserted(text))).toEqual([]);
    expect(unmet(text)).toEqual([
      `bill: no seal of the program closes what \`bill#1\` reads; ${until}`,
    ]);
  });

  it('where nobody seals, where the program forbids it, and where coordination is off', () => {
    expect(unmet(counted.replace(/seal [^;]*;/, ''))).toEqual([
      `bill: no \`seal\` statement says who seals \`action\` and when; ${until}`,
    ]);
    expect(unmet(`${counted} coordinate action none;`)).toEqual([
      'bill: `coordinate action none` keeps coordination away from it',
    ]);
    expect(unmet(`${counted} coordinate bill none;`)).toEqual([
      'bill: `coordinate bill none` keeps coordination away from it',
    ]);
    const off = compileSound(counted);
    expect(off.coordinated).toBe(off.program);
    expect(off.plan.unmet.map(({ reason }) => reason)).toEqual([
      `coordination is switched off; ${until}`,
    ]);
  });

  it('where all obligations are met', () => {
    const {
      guarded,
      program,
      coordinated: run,
    } = inserted(counted.replace('output bill', 'view bill'));
    expect(guarded).toBe(program);
    expect(run).toBe(program);
  });

  it('where an order is asked for, or nothing but an order helps', () => {
    expect(inserted(`${counted} coordinate action order;`).plan.seals).toEqual([]);
    const text = `${counted} channel put(@to: addr, k: int, v: int); input set(k: int, v: int); table kv(k: int => v: int); output got(v: int);
      put(n, k, v)@async :- set(k, v), cluster(n); upsert kv(k, v) :- put(_, k, v); got(v) :- kv(_, v);`;
    const { plan } = inserted(text);
    expect(plan.seals.map(({ relation }) => relation)).toEqual(['bill']);
    expect(plan.orderedLog?.channels).toEqual(['put']);
    expect(plan.unmet).toEqual([]);
  });

  it('for events that a rule counts, or whose absence it asks for', () => {
    const count = `${base} output bill(s: string, n: int); bill(s, count<x>) :- action(_, s, x);`;
    expect(inserted(count).plan.seals).toEqual([]);
    const absent = `${base} output bill(s: string, x: int); bill(s, x) :- log(s, x), notin asked(_, s);`;
    expect(inserted(absent).plan.seals).toEqual([]);
  });
});

describe('`coordinate r seal`', () => {
  const view = counted.replace('output bill', 'view bill');

  it('makes a view wait that may take corrections, by its own name or that of what it reads', () => {
    for (const name of ['bill', 'action', 'log']) {
      const compiled = inserted(`${view} coordinate ${name} seal;`);
      expect(compiled.plan.seals.map(({ rules }) => rules)).toEqual([['bill#1']]);
      expect(shown(coordinated(compiled), puts.slice(0, 3))).toEqual(['[["b","s",2]]']);
    }
  });

  it('asks for nothing where nothing is taken back', () => {
    const { obstacles } = compileText(
      `${base} view seen(x: int); seen(x) :- log(_, x); coordinate log seal;`,
      {
        coordinate: 'auto',
      },
    );
    expect(obstacles).toEqual([]);
  });

  it('does not ask for what events show, which are gone before any seal', () => {
    const { obstacles } = compileText(`${view} coordinate action seal;`, {
      coordinate: 'auto',
      observe: ['action', 'bill'],
    });
    expect(obstacles).toEqual([]);
  });

  it('is refused where no seal closes what is read, and says why', () => {
    const text = view.replace(
      'bill(s, count<x>) :- log(s, x)',
      'bill("all", count<x>) :- log(_, x)',
    );
    const { obstacles } = compileText(`${text} coordinate action seal;`, { coordinate: 'auto' });
    expect(obstacles.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'TRL1111 a seal of `action` is not inserted: for `bill`, no seal of the program closes what `bill#1` reads',
    ]);
  });
});

describe('a seal that nodes could not carry out', () => {
  it('is not inserted: the program runs as it is, and the report says why', () => {
    const onLog = counted.replace('seal action', 'seal log');
    const { compiled, obstacles } = compileText(onLog, { coordinate: 'auto' });
    expect(obstacles).toEqual([]);
    expect(compiled?.plan.seals).toEqual([]);
    expect(compiled?.plan.unmet).toMatchObject([
      { relation: 'bill', reason: expect.stringContaining('those who send it cannot tell') },
    ]);
  });

  it('is not proposed either, and what waits for it is not called confluent', () => {
    const onLog = counted.replace('seal action', 'seal log');
    const [bill] = compileText(onLog).compiled!.confluence.observables;
    expect(bill?.suggestions.filter(({ title }) => title.startsWith('wait for'))).toEqual([]);
    const waits = onLog.replace(/(bill\(.*) :- (.*);/, '$1 :- $2, sealed log(s);');
    expect(waits).not.toBe(onLog);
    const { compiled, obstacles, diagnostics, findings } = compileText(waits, {
      coordinate: 'auto',
    });
    expect(diagnostics).toEqual([]);
    expect(obstacles.map(({ code }) => code)).toEqual(['TRL1113']);
    const after = compiled?.confluence.observables.find(({ relation }) => relation === 'bill');
    expect(after).toMatchObject({ verdict: 'divergent', met: false, mechanism: { kind: 'seal' } });
    expect(after?.blame).toMatchObject([{ reason: 'unsealable', source: 'log' }]);
    expect(after?.suggestions.map(({ title }) => title)).toEqual([
      expect.stringContaining('change the seal that'),
    ]);
    expect(findings.map(({ code }) => code)).toContain('TRL0602');
    expect(compiled?.plan.unmet).toMatchObject([
      { relation: 'bill', reason: expect.stringContaining('those who send it cannot tell') },
    ]);
    // The same with a seal that nodes can keep is proved.
    const kept = counted.replace(/(bill\(.*) :- (.*);/, '$1 :- $2, sealed action(s);');
    expect(compileSound(kept).confluence.observables[0]).toMatchObject({ verdict: 'confluent' });
  });
});
