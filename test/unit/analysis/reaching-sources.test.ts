/** What feeds each relation, held against a walk from each source. */
import { describe, expect, it } from 'vitest';
import { indexProgram } from '../../../src/analysis/program-index.js';
import type { Clause } from '../../../src/analysis/program-index.js';
import { findReachingSources } from '../../../src/analysis/reaching-sources.js';
import { downstream } from '../../../src/analysis/replication.js';
import { compileCaseText } from '../../support/fuzz-verdicts.js';
import { caseText, randomCase } from '../../support/random-analysis-programs.js';

const isLocal = ({ rule }: Clause): boolean => rule.head.mode !== 'async';

describe('the sources that reach a relation', () => {
  it('are those from which a walk comes to it', () => {
    let pairs = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const compiled = compileCaseText(caseText(randomCase(seed)));
      if (compiled === null) continue;
      const index = indexProgram(compiled.program);
      const sources = index.relations.map(({ name }) => name);
      const expected = new Map<string, string[]>();
      for (const source of sources)
        for (const name of downstream(index, [source], isLocal))
          expected.set(name, [...(expected.get(name) ?? []), source]);
      const found = findReachingSources(index, sources, isLocal);
      expect(new Map(found)).toEqual(expected);
      pairs += [...found.values()].flat().length;
    }
    expect(pairs).toBeGreaterThan(600);
  });

  it('are told apart where there are more than a word has bits', () => {
    const names = Array.from({ length: 70 }, (_, k) => `t${k}`);
    const text = names.map((t, k) => `table ${t}(x: int); ${t}(x) :- t${Math.max(0, k - 1)}(x);`);
    const index = indexProgram(
      compileCaseText(`table t0(x: int); ${text.slice(1).join(' ')}`)!.program,
    );
    const found = findReachingSources(index, names, () => true);
    for (const [k, name] of names.entries()) expect(found.get(name)).toEqual(names.slice(0, k + 1));
  });
});
