/**
 * What the random programs of a fuzzing run had in them, and how their verdicts were borne out: a
 * run that finds nothing says something only of what it has tried.
 */
import type { FuzzedCase } from './fuzz-verdicts.js';

const constructs: Readonly<Record<string, RegExp>> = {
  lattices: /lmax<|lmin<|lset<|lbool/,
  'keyed relations': /^(table|scratch) .*=> y: int/m,
  deletes: /^delete /m,
  upserts: /^upsert /m,
  aggregates: /(count|sum|min|max|choose|argmin)</,
  negation: /notin [a-z.]+\(/,
  timers: /^periodic /m,
  clock: /now\(/,
  boots: /boot\(/,
  channels: /^channel /m,
  'located tables': /^table w\(@/m,
  loopbacks: /^loopback /m,
  '@next': /@next/,
  modules: /^use |\buse /m,
  functions: /^extern /m,
  'partial expressions': / 2 \/ /,
  seals: /^seal /m,
  'rules that wait': /sealed \w+\(/,
};

export class FuzzCoverage {
  readonly #programs = new Map<string, number>();
  readonly #verdicts = new Map<string, number>();

  add({ text, fuzzed, judged }: FuzzedCase): void {
    if (judged === null) return;
    for (const [name, pattern] of Object.entries(constructs))
      if (pattern.test(text)) count(this.#programs, name);
    count(this.#programs, `${fuzzed.nodes.length} node${fuzzed.nodes.length === 1 ? '' : 's'}`);
    for (const { observable, judgement, isExhaustive } of judged) {
      const how =
        observable.verdict !== 'confluent' || judgement === 'unsound'
          ? judgement
          : `${judgement} by ${isExhaustive ? 'all' : 'random'} schedules`;
      count(this.#verdicts, `${observable.verdict}, ${how}`);
    }
  }

  /** Two lines: programs with each construct, observables by verdict and judgement. */
  lines(): readonly string[] {
    return [`programs with ${list(this.#programs)}`, `observables: ${list(this.#verdicts)}`];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function list(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, n]) => `${name} ${n}`).join('; ');
}
