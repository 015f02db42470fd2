import { describe, expect, it } from 'vitest';
import { buildDependencyGraph } from '../../../src/analysis/dependency-graph.js';
import { findComponents } from '../../../src/analysis/find-components.js';
import { compileSound } from '../../support/compile-text.js';

const text = `
input i(x: int);
table t(x: int);
scratch n(k: int);
scratch far(x: int);
loopback l(x: int);
output p(x: int);
t(x) :- i(x);
n(count<x>) :- t(x);
far(x) :- t(x), notin p(x);
p(x) :- n(k), t(x), k >= 2 | l(x);
l(x)@async :- p(x);
drop: delete t(x) :- i(x), far(x);
t(x)@next :- l(x);
`;

describe('buildDependencyGraph', () => {
  const graph = buildDependencyGraph(compileSound(text).program);
  const edge = (rule: string, from: string, alternative = 0) =>
    graph.edges.find(
      (e) => e.ruleName === rule && e.from === from && e.alternative === alternative,
    );

  it('labels each literal with sign, time, role and action', () => {
    expect(edge('n#1', 't')).toMatchObject({
      to: 'n',
      sign: '+-',
      role: 'aggregated',
      time: 'now',
    });
    expect(edge('far#1', 'p')).toMatchObject({ sign: '-', role: 'negated', literal: 1 });
    expect(edge('p#1', 'n')).toMatchObject({ sign: '+', role: 'compared' });
    expect(edge('p#1', 'l', 1)).toMatchObject({ sign: '+', role: 'joined', alternative: 1 });
    expect(edge('l#1', 'p')).toMatchObject({ time: 'async', action: 'derive' });
    expect(edge('drop', 'far')).toMatchObject({ to: 't', time: 'next', action: 'delete' });
    expect(edge('t#3', 'l')).toMatchObject({ time: 'next' });
  });

  it('keeps edges in the order of rules, alternatives and literals', () => {
    const places = graph.edges.map((e) => [e.rule, e.alternative, e.literal]);
    expect(places).toEqual(
      [...places].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!),
    );
  });

  it('puts relations into strata of one timestep: async and next edges do not count', () => {
    expect(graph.strata).toEqual([['i', 'l', 't'], ['n', 'p'], ['far']]);
    expect(graph.relations.map((r) => r.name)).toEqual(['far', 'i', 'l', 'n', 'p', 't']);
    expect(graph.relations.find((r) => r.name === 'far')?.stratum).toBe(2);
  });

  it('finds the components over all edges, each after those it depends on', () => {
    expect(graph.components).toEqual([['i'], ['far', 'l', 'n', 'p', 't']]);
    expect(graph.relations.find((r) => r.name === 'l')?.component).toBe(1);
  });

  it('is plain data and the same on every run', () => {
    const again = buildDependencyGraph(compileSound(text).program);
    expect(JSON.stringify(again)).toBe(JSON.stringify(graph));
  });

  it('is empty for an empty program', () => {
    expect(buildDependencyGraph(compileSound('').program)).toEqual({
      relations: [],
      edges: [],
      components: [],
      strata: [],
    });
  });
});

describe('findComponents', () => {
  it('orders components so that what is pointed to comes first', () => {
    expect(findComponents([[1], [2], [1, 3], []])).toEqual([[3], [1, 2], [0]]);
  });

  it('does not exhaust the stack on a long chain', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => (i === 99_999 ? [] : [i + 1]));
    expect(findComponents(chain)).toHaveLength(100_000);
  });
});
