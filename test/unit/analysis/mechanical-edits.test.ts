/**
 * Every rewrite that a suggestion offers, applied: the program parses and checks, and the observable
 * has the promised verdict. Over all golden programs and a few of its own.
 */
import { describe, expect, it } from 'vitest';
import type { Edit, Verdict } from '../../../src/analysis/confluence-report.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { analysisCases, compileCase } from '../../support/analysis-case.js';
import { compileSound } from '../../support/compile-text.js';

const rank: Readonly<Record<Verdict, number>> = { confluent: 0, convergent: 1, divergent: 2 };

function apply(text: string, edits: readonly Edit[]): string {
  const backwards = edits.toSorted((a, b) => b.span.start - a.span.start);
  return backwards.reduce(
    (so, { span, text: by }) => so.slice(0, span.start) + by + so.slice(span.end),
    text,
  );
}

/** Suggestions with a rewrite that were applied and looked at, by cost. */
function applyAll(
  text: string,
  compile: (text: string) => CompiledProgram = (each) => compileSound(each),
): readonly number[] {
  const { confluence } = compile(text);
  return confluence.observables.flatMap(({ relation, suggestions }) =>
    suggestions.flatMap(({ cost, title, edit, edits, promises }) => {
      expect(edit === null, title).toBe(edits.length === 0);
      if (edit === null) return [];
      const edited = apply(text, edits);
      for (const line of edit.split('\n')) expect(edited.split('\n')).toContain(line);
      const after = compile(edited).confluence.observables.find((o) => o.relation === relation);
      expect(after, `${relation}: ${title}\n${edited}`).toBeDefined();
      if (promises !== null)
        expect(rank[after!.verdict], `${relation}: ${title}\n${edited}`).toBeLessThanOrEqual(
          rank[promises],
        );
      return [cost];
    }),
  );
}

describe('rewrites', () => {
  it.each(analysisCases().map((each) => [each.name, each] as const))(
    'keep their promise in %s',
    (_, each) => {
      applyAll(each.text, (text) => compileCase(each, text));
    },
  );

  it('come in all kinds', () => {
    const costs = new Set(
      analysisCases().flatMap((each) => applyAll(each.text, (text) => compileCase(each, text))),
    );
    expect([...costs].sort((a, b) => a - b)).toEqual([1, 2, 4, 5]);
  });

  it('keep several events, and find names that are free', () => {
    const text = `input a(x: int); input b(x: int); table kept_a(x: int); kept_a(x) :- a(x);
output p(x: int);
p(x) :- a(x), b(x), x > 1;
`;
    const [suggestion] = compileSound(text).confluence.observables[0]!.suggestions;
    expect(suggestion?.edit).toBe(
      [
        'table kept_a_(x: int);',
        'kept_a_(x) :- a(x);',
        'table kept_b(x: int);',
        'kept_b(x) :- b(x);',
        'p(x) :- kept_a_(x), kept_b(x), x > 1;',
      ].join('\n'),
    );
    expect(suggestion?.promises).toBe('confluent');
    expect(applyAll(text)).toContain(1);
  });

  it('wait for a declared seal, under the variables that close what is read', () => {
    const sharded = (given: string): string => `input offer(item: string, at: int);
input veto(item: string, at: int);
input done(at: int);
static home(item: string => at: int);
table offers(item: string);
table vetoes(item: string, at: int);
seal veto on (at) when done(at);
offers(i) :- offer(i, _);
vetoes(i, h) :- veto(i, h);
output p(item: string);
${given}
`;
    const wait = (given: string): readonly string[] => {
      const text = sharded(given);
      const costs = applyAll(text);
      const { suggestions } = compileSound(text).confluence.observables[0]!;
      expect(costs.length).toBe(suggestions.filter(({ edit }) => edit !== null).length);
      return suggestions.flatMap(({ cost, edit }) => (cost === 5 && edit !== null ? [edit] : []));
    };
    expect(wait('p(i) :- offers(i), home(i, h), notin vetoes(i, h);')).toEqual([
      'p(i) :- offers(i), home(i, h), notin vetoes(i, h), sealed veto(h);',
    ]);
    // Without the shard in the negated literal another shard may veto.
    expect(wait('p(i) :- offers(i), home(i, h), h > 0, notin vetoes(i, _);')).toEqual([]);
  });

  it('wait under an aggregate only for what its group says', () => {
    const text = `input act(s: string, item: string);
input done(s: string);
table log(s: string, item: string);
seal act on (s) when done(s);
log(s, i) :- act(s, i);
output p(item: string, n: int);
p(i, count<s>) :- log(s, i);
`;
    applyAll(text);
    const { suggestions } = compileSound(text).confluence.observables[0]!;
    expect(suggestions.filter(({ cost, edit }) => cost === 5 && edit !== null)).toEqual([]);
  });

  it('promise nothing where more is to blame', () => {
    const text = `input a(x: int); input b(x: int); table t(x: int); t(x) :- b(x);
output p(x: int);
p(x) :- a(x), b(x);
p(x) :- a(x), notin t(x);
`;
    const { suggestions } = compileSound(text).confluence.observables[0]!;
    expect(suggestions.filter(({ promises }) => promises === 'confluent')).toEqual([]);
  });
});
