/**
 * The cheapest mechanisms for all obligations together, against brute force over every combination: of
 * made-up demands, and of those of random programs.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.js';
import {
  candidatesFor,
  chooseJointly,
  costOfCandidate,
  demandsOf,
  groupCost,
  meetsDemand,
  needsGroup,
} from '../../../src/analysis/choose-jointly.js';
import type { Candidate, Demand, Remedy } from '../../../src/analysis/choose-jointly.js';
import type { ChosenMechanism, ConfluenceReport } from '../../../src/analysis/confluence-report.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { compileSound } from '../../support/compile-text.js';
import { caseFunctionsText, caseText, randomCase } from '../../support/random-analysis-programs.js';

/** Combinations that are tried. */
const mostCandidates = 14;

function costOf(chosen: readonly Candidate[]): number {
  const own = chosen.reduce((sum, each) => sum + costOfCandidate(each), 0);
  return own + (chosen.some(needsGroup) ? groupCost : 0);
}

/** Every mechanism that could meet one of the demands, whatever the chooser thinks of it. */
function allCandidates(demands: readonly Demand[]): readonly Candidate[] {
  return [...new Set(demands.map(({ on }) => on))].flatMap((on) => {
    const own = demands.filter((demand) => demand.on === on);
    const columns = [...new Set(own.flatMap(({ key }) => key))].sort();
    const keys = columns.reduce<string[][]>(
      (sets, column) => [...sets, ...sets.map((set) => [...set, column])],
      [[]],
    );
    const remedies: readonly Remedy[] = ['persist', 'owner', 'seal', 'cut', 'order'];
    return remedies.flatMap((remedy) =>
      keys
        .filter((key) => key.length === 0 || remedy === 'seal' || remedy === 'order')
        .map((key): Candidate => ({ remedy, on, key }))
        .filter((candidate) => own.some((demand) => meetsDemand(candidate, demand))),
    );
  });
}

/** The least cost of a set that meets all demands; null where there are too many to try. */
function bruteForce(demands: readonly Demand[]): number | null {
  const candidates = allCandidates(demands);
  if (candidates.length > mostCandidates) return null;
  let least = Infinity;
  for (let set = 0; set < 1 << candidates.length; set++) {
    const chosen = candidates.filter((_, i) => (set & (1 << i)) !== 0);
    if (demands.every((demand) => chosen.some((each) => meetsDemand(each, demand))))
      least = Math.min(least, costOf(chosen));
  }
  return least;
}

function candidateOf({ mechanism: { kind, provider, on, key } }: ChosenMechanism): Candidate {
  const remedy = provider === 'owner' ? 'owner' : kind === 'none' ? 'persist' : kind;
  return { remedy, on: on ?? '', key };
}

function checkChoice(demands: readonly Demand[], chosen: readonly ChosenMechanism[]): boolean {
  const candidates = chosen.map(candidateOf);
  for (const demand of demands)
    expect(
      candidates.some((each) => meetsDemand(each, demand)),
      JSON.stringify({ demand: { ...demand, sufficient: [...demand.sufficient] }, chosen }),
    ).toBe(true);
  const least = bruteForce(demands);
  if (least !== null) expect(costOf(candidates), JSON.stringify({ demands, chosen })).toBe(least);
  return least !== null;
}

describe('the cheapest mechanisms together', () => {
  it('cost what the best of all combinations costs', () => {
    const wishes: readonly (readonly Remedy[])[] = [
      ['persist', 'order'],
      ['persist', 'owner', 'order'],
      ['seal', 'order'],
      ['seal', 'owner', 'order'],
      ['cut', 'order'],
      ['order'],
      ['owner', 'order'],
      ['persist'],
    ];
    let tried = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const prng = new Prng(seed);
      const demands = Array.from({ length: prng.int(1, 6) }, (_, i): Demand => ({
        on: prng.chance(0.7) ? 'r' : 's',
        key: ['a', 'b', 'c'].filter(() => prng.chance(0.5)),
        sufficient: new Set(wishes[prng.int(0, wishes.length - 1)]),
        observables: [`p${i}`],
      }));
      if (checkChoice(demands, chooseJointly(demands))) tried += 1;
    }
    expect(tried).toBeGreaterThan(150);
  });

  it('do so for random programs, and leave no blame out', () => {
    let [tried, several] = [0, 0];
    for (let seed = 1; seed <= 250; seed++) {
      const text = caseText(randomCase(seed));
      const loader = memoryLoader(new Map([['functions.ts', caseFunctionsText]]));
      const options = { ...defaultCompileOptions, coordinate: 'none' } as const;
      const { compiled } = compileSource({ path: 'case.bloom', text }, options, loader);
      if (compiled === null) continue;
      const { observables, coordination } = compiled.confluence;
      const demands = demandsOf(observables.filter(({ met }) => !met));
      if (checkChoice(demands, coordination.cheapest) && demands.length > 0) tried += 1;
      if (demands.length > coordination.cheapest.length) several += 1;
    }
    expect(tried).toBeGreaterThan(100);
    expect(several).toBeGreaterThan(10);
  });

  it('tries no more candidates than there are reasons to', () => {
    const demand = (key: readonly string[]): Demand => ({
      on: 'r',
      key,
      sufficient: new Set(['seal']),
      observables: ['p'],
    });
    const keys = candidatesFor([demand(['a', 'b']), demand(['b', 'c'])]).map(({ key }) => key);
    expect(keys.map(String).sort()).toEqual(['', 'a,b', 'b', 'b,c']);
  });
});

describe('the mechanisms of a program', () => {
  const cheapest = (text: string): ConfluenceReport['coordination']['cheapest'] =>
    compileSound(text).confluence.coordination.cheapest;
  const shown = (text: string): readonly string[] =>
    cheapest(text).map(
      ({ mechanism: { kind, on, key, provider }, meets }) =>
        `${kind} ${on}(${key.join()}) ${provider ?? ''} for ${meets.join()}`,
    );
  const log =
    'input act(s: string, i: string, n: int); table log(s: string, i: string, n: int); log(s, i, n) :- act(s, i, n);';

  it('one seal closes what two outputs read, by what their keys have in common', () => {
    expect(
      shown(`${log} output p(s: string, n: int); output q(s: string, i: string, n: int);
        p(s, max<n>) :- log(s, _, n); q(s, i, max<n>) :- log(s, i, n);`),
    ).toEqual(['seal act(s) producers for p,q']);
  });

  it('an obligation may need several', () => {
    expect(
      shown(`${log} input veto(s: string); table vetoed(s: string); vetoed(s) :- veto(s);
        output p(s: string, n: int); p(s, max<n>) :- log(s, _, n), notin vetoed(s);`),
    ).toEqual(['seal act(s) producers for p', 'seal veto(s) producers for p']);
  });

  it('what a log orders needs no seal of its own', () => {
    expect(
      shown(`input put(k: string, v: int); channel c(@to: addr, k: string, v: int);
        c(n, k, v)@async :- put(k, v), cluster(n);
        table kv(k: string => v: int); upsert kv(k, v) :- c(_, k, v); view now_is(k: string, v: int);
        now_is(k, v) :- kv(k, v); table all(k: string, v: int); all(k, v) :- c(_, k, v);
        output most(k: string, v: int); most(k, max<v>) :- all(k, v);`),
    ).toEqual(['order c(k) paxos for most,now_is']);
  });

  it('nothing is chosen where nothing is needed', () => {
    expect(shown(`${log} view p(s: string, n: int); p(s, max<n>) :- log(s, _, n);`)).toEqual([]);
  });
});
