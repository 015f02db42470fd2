/** Rules and relations as tables: everything that colours and positions say, in words. */
import { stationName } from '../../analysis/made-up-relations.js';
import { tag } from '../../viz/markup.js';
import type { Markup } from '../../viz/markup.js';
import type { AnnotatedFile } from '../annotate-source.js';
import { costOf, costText } from '../mechanism-words.js';
import type { MonotonicityReport } from '../monotonicity-report.js';
import { growthTexts } from '../render-explanation-text.js';
import { letterOf, whyText } from '../rule-words.js';
import { determinismText, holdersText } from '../verdict-words.js';
import { chip, prose } from './page-observables.js';
import { lineId } from './source-segments.js';

const signs = { '+': '+', '-': '−', '+-': '±' } as const;

export function rulesTable(report: MonotonicityReport, files: readonly AnnotatedFile[]): Markup {
  const rows = report.rules.map((rule) => {
    const { name, letter, literals, mechanism, span, id } = rule;
    const needed = report.mechanismByRule.get(id);
    const price =
      needed === undefined
        ? 'costs nothing'
        : `${mechanism}: ${costText(costOf(needed, report.nodeCount))}`;
    const nameOf = (known: string): string => stationName(report.program, known);
    const reads = literals
      .map(({ relation, sign }) => `${signs[sign]}${nameOf(relation)}`)
      .join(', ');
    return tag(
      'tr',
      {},
      tag('td', {}, chip(letterOf[letter], letterOf[letter])),
      tag('td', {}, tag('a', { href: `#${lineId(files, span)}` }, tag('code', {}, nameOf(name)))),
      tag('td', {}, tag('code', {}, reads)),
      tag('td', {}, prose(whyText(report, rule))),
      tag('td', {}, price),
    );
  });
  return table(['Letter', 'Rule', 'Reads', 'Why', 'Costs'], rows);
}

export function relationsTable({ relations, program }: MonotonicityReport): Markup {
  const rows = relations.map((relation) => {
    const { name, kind, doc, growth, determinism, key } = relation;
    return tag(
      'tr',
      {},
      tag(
        'td',
        {},
        tag('code', {}, stationName(program, name)),
        ' ',
        kind,
        doc === null ? '' : tag('p', {}, doc),
      ),
      tag('td', {}, growthTexts[growth]),
      tag('td', {}, chip(determinism, determinism), ' ', determinismText(determinism)),
      tag('td', {}, prose(holdersText(relation, program))),
      tag('td', {}, tag('code', {}, key.join(', '))),
    );
  });
  return table(['Relation', 'Growth', 'Determinism', 'Who holds it', 'Key'], rows);
}

function table(headings: readonly string[], rows: readonly Markup[]): Markup {
  return tag(
    'div',
    { class: 'scroll panel' },
    tag(
      'table',
      { class: 'list stack' },
      tag(
        'thead',
        {},
        tag(
          'tr',
          {},
          headings.map((h) => tag('th', { scope: 'col' }, h)),
        ),
      ),
      tag('tbody', {}, rows),
    ),
  );
}
