/** What is said of a relation that somebody asks about, shown or not. */
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { confluenceGraph } from '../../../src/report/confluence-graph.js';
import { relationJson } from '../../../src/report/json-parts.js';
import { renderExplanationText } from '../../../src/report/render-explanation-text.js';
import { renderConfluenceDot } from '../../../src/viz/confluence-dot.js';
import { compileSound } from '../../support/compile-text.js';

const source = `input put(k: int);
input drop(k: int);
table kv(k: int);
table log(k: int);
output last(k: int);
kv(k) :- put(k);
delete kv(k) :- drop(k);
log(k) :- put(k);
last(k) :- kv(k);
`;

const explain = (relation: string): string =>
  renderExplanationText(assembleReport(compileSound(source), null), relation, { color: false });

describe('the explanation of a relation', () => {
  it('ends the way of the blame at what it is, which need not be a view', () => {
    const text = explain('kv');
    expect(text).toContain('kv: divergent; it is not shown, so nothing is asked of it');
    expect(text).toContain('and so it stands in table `kv`');
    expect(text).not.toContain('shown as');
    expect(explain('last')).toContain('released to the outside as output `last`');
  });

  it('says what it rests on, and leaves out what it does not', () => {
    const text = explain('kv');
    expect(text).toContain('input put');
    expect(text).not.toContain('log');
  });

  it('says what outlives the process', () => {
    const { confluence } = compileSound(source.replace('table kv', 'durable table kv'));
    const durable = confluence.relations.filter((relation) => relation.durable);
    expect(durable.map(({ name }) => name)).toEqual(['kv']);
    const report = assembleReport(
      compileSound(source.replace('table kv', 'durable table kv')),
      null,
    );
    expect(renderExplanationText(report, 'last', { color: false })).toContain(
      '  durable table kv: ',
    );
    expect(renderConfluenceDot(confluenceGraph(report))).toContain('kv\\ndurable table, volatile');
    expect(report.relations.map(relationJson)).toContainEqual(
      expect.objectContaining({ name: 'kv', kind: 'table', durable: true }),
    );
  });

  it('asks for nothing where nothing is wrong', () => {
    expect(explain('log')).toContain('nothing needs to change');
  });
});
