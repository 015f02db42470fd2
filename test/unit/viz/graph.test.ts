import { describe, expect, it } from 'vitest';
import { buildDependencyGraph } from '../../../src/analysis/dependency-graph.js';
import { renderGraphDot } from '../../../src/viz/graph-dot.js';
import { parseModule } from '../../../src/syntax/parse.js';
import { renderGraphText } from '../../../src/viz/graph-text.js';
import { renderTreeDot } from '../../../src/viz/tree-dot.js';
import { programOf } from '../../support/check-fixture.js';

const graph = buildDependencyGraph(
  programOf(`
    input put(k: string);
    channel tell(@at: addr, k: string);
    table seen(k: string);
    view fresh(k: string);
    output size(n: int);
    tell(n, k)@async :- put(k), cluster(n);
    seen(k)@next :- tell(_, k);
    late: fresh(k) :- tell(_, k), notin seen(k);
    size(count<k>) :- seen(k);
    delete seen(k) :- put(k), seen(k);
  `),
);

describe('a dependency graph', () => {
  it('is lines for people: strata, then what flows where, when and how', () => {
    const lines = renderGraphText(graph).split('\n');
    expect(lines[0]).toMatch(/^stratum 0: .*\bput \(input\)/);
    expect(lines).toContain('put -[+ joined, tell#1]-> tell@async');
    expect(lines).toContain('tell -[+ joined, seen#1]-> seen@next');
    expect(lines.find((line) => line.includes('late]-> fresh') && line.startsWith('seen'))).toMatch(
      /negated/,
    );
    expect(lines.find((line) => line.endsWith('-> size'))).toMatch(
      /^seen -\[.* aggregated, size#1\]/,
    );
    expect(lines.some((line) => line.endsWith('-> delete seen'))).toBe(true);
  });

  it('is DOT: shapes by kind, styles by time, colours by role', () => {
    const text = renderGraphDot(graph);
    expect(text).toMatch(/^digraph program \{\n {2}rankdir=LR;\n/);
    expect(text.endsWith('}\n')).toBe(true);
    expect(text).toContain('  "seen" [shape=cylinder];\n');
    expect(text).toContain('  "tell" [shape=cds];\n');
    const named = renderGraphDot(graph, [], (name) => (name === 'tell' ? 'told' : name));
    expect(named).toContain('"tell" [label="told", shape=cds]');
    expect(renderGraphDot(graph, ['tell'])).toContain('"tell" [shape=cds, peripheries=2, ');
    expect(text).toContain('"put" -> "tell" [label="tell#1", style=dotted, color=black];');
    expect(text).toContain('"tell" -> "seen" [label="seen#1", style=dashed, color=black];');
    expect(text).toContain(
      '"seen" -> "fresh" [label="late", style=solid, color=red, arrowhead=dot];',
    );
    expect(text).toContain('"seen" -> "size" [label="size#1", style=solid, color=orange];');
    expect(text.match(/rank=same/g)).toHaveLength(graph.strata.length);
  });
});

describe('a syntax tree', () => {
  it('is DOT: a box a part with its words, an edge a field', () => {
    const text = String.raw`o("a\"b", x) :- p(x, y), x > 1, y in [1, 2];`;
    const { value } = parseModule({ path: 'a.bloom', text });
    const dot = renderTreeDot(value, 'a.bloom');
    expect(dot).toMatch(/^digraph ast \{\n {2}node \[shape=box\];\n {2}n0 \[label="a\.bloom"\];\n/);
    expect(dot.endsWith('}\n')).toBe(true);
    expect(dot).toContain(String.raw`[label="constant\n\"a\\\"b\""];`);
    expect(dot).not.toMatch(/span|undefined|\[object/);
    const ids = [...dot.matchAll(/^ {2}(n\d+) \[/gm)].map(([, id]) => id);
    const children = [...dot.matchAll(/^ {2}n\d+ -> (n\d+) \[/gm)].map(([, id]) => id);
    expect(new Set(children).size).toBe(children.length);
    expect(children.length).toBe(ids.length - 1);
  });
});
