import { describe, expect, it } from 'vitest';
import { compileSound } from '../../support/compile-text.js';
import type { CoordinationPlan } from '../../../src/rewrite/coordination-plan.js';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { renderReportText } from '../../../src/report/render-report-text.js';
import { reportJson } from '../../../src/report/report-json.js';
import { gossipReach, seatDesk } from '../analysis/programs.js';

const plan = (text: string, coordinate: 'auto' | 'none' = 'auto'): CoordinationPlan =>
  compileSound(text, { coordinate }).plan;

const sent = `static peer(n: addr); input i(x: int); channel c(@n: addr, x: int); channel d(@n: addr, x: int);
  table t(x: int); output o(x: int); c(n, x)@async, d(n, x)@async :- i(x), peer(n); t(x) :- c(_, x) | d(_, x); o(x) :- t(x);`;

describe('`coordinate`', () => {
  it('auto is what happens without it', () => {
    expect(plan(`${seatDesk} coordinate ask auto;`)).toEqual(plan(seatDesk));
    expect(plan(gossipReach).orderedLog).toBeNull();
  });

  it.each(['ask', 'grant'])('%s none keeps the log away and says so', (relation) => {
    const { orderedLog, unmet } = plan(`${seatDesk} coordinate ${relation} none;`);
    const grant = unmet.find((each) => each.relation === 'grant');
    expect(grant?.reason).toBe(`\`coordinate ${relation} none\` keeps coordination away from it`);
    if (relation === 'ask') expect(orderedLog).toBeNull();
  });

  it('order sends a channel through the log that nothing blames, and only that one', () => {
    expect(plan(sent).orderedLog).toBeNull();
    const { orderedLog, points, unmet } = plan(`${sent} coordinate c order (x);`);
    expect(orderedLog).toEqual({ channels: ['c'], members: null });
    expect([points, unmet]).toEqual([[], []]);
    const { program, coordinated } = compileSound(`${sent} coordinate c order;`, {
      coordinate: 'auto',
    });
    const touched = coordinated.rules.filter((rule, i) => rule !== program.rules[i]);
    expect(touched.map(({ head, origin }) => [head.relation, origin.rewrite])).toEqual([
      ['c', 'ordered-log'],
    ]);
  });

  it('order gives way to `--coordinate none`', () => {
    expect(plan(`${sent} coordinate c order;`, 'none').orderedLog).toBeNull();
  });
});

describe('an assumption', () => {
  const assumed = `${seatDesk} assume win "losing is harmless here"; coordinate ask order (seat);`;

  it('changes no verdict and no coordination', () => {
    const [plain, declared] = [seatDesk, `${seatDesk} assume win "harmless";`].map((text) =>
      compileSound(text, { coordinate: 'auto' }),
    );
    expect(declared!.plan).toEqual(plain!.plan);
    expect(declared!.confluence.observables.map((o) => [o.relation, o.verdict, o.met])).toEqual(
      plain!.confluence.observables.map((o) => [o.relation, o.verdict, o.met]),
    );
  });

  it('marks the verdict that it speaks of, in the text and in the document', () => {
    const report = assembleReport(compileSound(assumed, { coordinate: 'auto' }), null);
    const text = renderReportText(report, { color: false });
    expect(text).toMatch(/^grant .*divergent .*; declared harmless: `win`$/m);
    expect(text).toContain('declared harmless, not proved: rule `win`: losing is harmless here');
    expect(text).toContain(
      'declared: rule `win` is assumed harmless: losing is harmless here (the verdicts do not rest on it)\n' +
        'declared: coordinate `ask` order (seat)\n',
    );
    expect(reportJson(report)).toMatchObject({
      assumptions: [{ rule: 'win', reason: 'losing is harmless here', declared: true }],
      observables: expect.arrayContaining([
        expect.objectContaining({
          relation: 'grant',
          verdict: 'divergent',
          met: false,
          assumed: ['win'],
        }),
      ]),
      rules: expect.arrayContaining([
        expect.objectContaining({ name: 'win', assumed: 'losing is harmless here' }),
        expect.objectContaining({ name: 'ask#1', assumed: null }),
      ]),
      coordination: { wishes: [{ relation: 'ask', mechanism: 'order', key: ['seat'] }] },
    });
  });

  it('is shown where nothing is blamed on the rule, too', () => {
    const report = assembleReport(
      compileSound(`${gossipReach} assume "reach#1" "by the book";`),
      null,
    );
    const text = renderReportText(report, { color: false });
    expect(text).toContain('declared: rule `reach#1` is assumed harmless: by the book');
  });
});

describe('`choose`', () => {
  it('is arbitrary to the analysis, even over statics', () => {
    const verdictOf = (aggregate: string): string =>
      compileSound(`static s(x: int); s(1); s(2); output o(x: int); o(${aggregate}<x>) :- s(x);`)
        .confluence.observables[0]!.verdict;
    expect(verdictOf('min')).toBe('confluent');
    expect(verdictOf('choose')).not.toBe('confluent');
  });
});
