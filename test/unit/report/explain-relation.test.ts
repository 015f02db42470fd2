/** What is said of a relation that somebody asks about, shown or not. */
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { renderExplanationText } from '../../../src/report/render-explanation-text.js';
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

  it('asks for nothing where nothing is wrong', () => {
    expect(explain('log')).toContain('nothing needs to change');
  });
});
