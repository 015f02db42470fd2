import { describe, expect, it } from 'vitest';
import { compileSound } from '../../support/compile-text.js';
import { evaluatorKinds, makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import type { EvaluatorStatistics } from '../../../src/evaluator/evaluator.js';
import { renderProfileHtml } from '../../../src/viz/profile-html.js';
import { renderProfileText } from '../../../src/viz/profile-text.js';
import { makeRunProfile, type RunProfile } from '../../../src/viz/run-profile.js';

const text = `static edge(a: int, b: int); edge(1, 2); edge(2, 3); edge(3, 4);
path(x, y) :- edge(x, y); path(x, z) :- path(x, y), edge(y, z);
longest: far(max<y>) :- path(1, y); view far(y: int); table seen(x: int); seen(y)@next :- far(y);`;

/** Runs the program's first timestep; a clock that goes on by one each time it is looked at. */
function statisticsOf(): EvaluatorStatistics {
  let now = 0;
  const program = compileSound(text, {}, 'a.bloom');
  const bounds = { maxTuples: 1000 };
  const factory = makeEvaluatorFactory(program, bounds, { kind: 'engine', profileMs: () => now++ });
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
  const input = { events: [], nextTuples: [], nowMs: 0, boot: { first: true } };
  expect(evaluator.timestep(input).kind).toBe('commit');
  return evaluator.statistics!();
}

const phases = [
  { phase: 'load', ms: 2 },
  { phase: 'evaluate', ms: 30 },
];
const profileOf = (statistics: readonly EvaluatorStatistics[]): RunProfile =>
  makeRunProfile({ program: 'a.bloom', interrupted: true, phases, statistics });

describe('a profile', () => {
  const one = statisticsOf();

  it('counts derivations, insertions and probes by rule', () => {
    const rules = new Map(profileOf([one]).rules.map((rule) => [rule.rule, rule]));
    expect(rules.get('path#1')).toMatchObject({
      place: 'a.bloom:2',
      relation: 'path',
      derivations: 3,
      inserts: 3,
    });
    expect(rules.get('path#2')).toMatchObject({ derivations: 3, inserts: 3 });
    expect(rules.get('path#2')!.probes).toBeGreaterThanOrEqual(3);
    expect(rules.get('path#2')!.parts.map(({ part }) => part)).toEqual([
      'all tuples',
      'new tuples of literal 1',
    ]);
    expect(rules.get('longest')).toMatchObject({ derivations: 3, inserts: 1 });
    expect(rules.get('seen#1')).toMatchObject({ derivations: 1, inserts: 1 });
  });

  it('counts what brings rules up to date as well', () => {
    const kept = `input put(k: int, v: int); table kv(k: int => v: int); upsert kv(k, v) :- put(k, v);
      view big(k: int); big(k) :- kv(k, v), v > 100; view sums(g: int, s: int); sums(k / 10, sum<v>) :- kv(k, v);`;
    let now = 0;
    const program = compileSound(kept, {}, 'b.bloom');
    const options = { kind: 'engine', profileMs: () => now++ } as const;
    const factory = makeEvaluatorFactory(program, { maxTuples: 10_000 }, options);
    const rows = Array.from({ length: 500 }, (_, i) => [i, i]);
    const facts = [{ relation: 'kv', rows }];
    const evaluator = factory({ name: 'n1', cluster: ['n1'], facts });
    for (const [t, events] of [[], [{ relation: 'put', rows: [[7, 700]] }], []].entries()) {
      const boot = t === 0 ? { first: true } : null;
      evaluator.timestep({ events, nextTuples: [], nowMs: t, boot });
    }
    const { rules } = profileOf([evaluator.statistics!()]);
    const part = (name: string, title: string) =>
      rules.find(({ rule }) => rule === name)?.parts.find((each) => each.part === title);
    expect(part('big#1', 'upkeep: what literal 1 has gained')).toMatchObject({
      calls: 1,
      derivations: 1,
      inserts: 1,
    });
    expect(part('big#1', 'upkeep: what literal 1 has lost')).toMatchObject({ derivations: 0 });
    expect(part('sums#1', 'upkeep: what is derived otherwise')).toMatchObject({ derivations: 10 });
  });

  it('times them by the clock it is given', () => {
    const { rules, evaluateMs } = profileOf([one]);
    for (const { ms, calls } of rules) expect(ms).toBe(calls);
    expect(evaluateMs).toBeGreaterThan(rules.reduce((sum, { ms }) => sum + ms, 0));
  });

  it('adds nodes up', () => {
    const [single, twice] = [profileOf([one]), profileOf([one, statisticsOf()])];
    expect(twice.timesteps).toBe(2 * single.timesteps);
    expect(twice.rules.map(({ derivations }) => derivations)).toEqual(
      single.rules.map(({ derivations }) => 2 * derivations),
    );
    const path = (profile: RunProfile) =>
      profile.relations.find(({ relation }) => relation === 'path')!;
    expect(path(twice)).toMatchObject({ tuples: 12, bytes: 2 * path(single).bytes });
    expect(path(twice).bytesPerTuple).toBe(path(single).bytesPerTuple);
  });

  it('is shown as tables', () => {
    const shown = renderProfileText(profileOf([one]));
    expect(shown).toMatch(/^interrupted; load 2\.0 ms, evaluate 30\.0 ms\n1 timesteps /);
    expect(shown).toMatch(/^path#2 +a\.bloom:2 +\d+\.0 +3 +3 +\d+$/m);
    expect(shown).toMatch(/^path +6 +\d+ +\d+\.\d +/m);
  });

  it('lets no name of a program become part of the page', () => {
    const profile = profileOf([one]);
    const hostile = '</title><script>alert("1")</script>\u2028<img src=x onerror=\'y\'>&amp;';
    const rules = profile.rules.map((rule) => ({ ...rule, rule: hostile, place: hostile }));
    const relations = profile.relations.map((relation) => ({ ...relation, relation: hostile }));
    const page = renderProfileHtml({ ...profile, program: hostile, rules, relations });
    expect(page).not.toMatch(/<script|<img|https?:/);
    expect(page.match(/<title>/g)).toHaveLength(1);
    expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)');
    expect(page).toContain('&#38;amp;');
  });

  it("is the engine's: without one there are sizes only", () => {
    const program = compileSound(text);
    for (const kind of evaluatorKinds) {
      const evaluator = makeEvaluatorFactory(
        program,
        { maxTuples: 1000 },
        { kind },
      )({
        name: 'n1',
        cluster: ['n1'],
        facts: [],
      });
      expect(evaluator.statistics?.().profile ?? null).toBeNull();
    }
  });
});
