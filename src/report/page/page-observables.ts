/** The verdicts as a table, and for each unmet one its blames, its witness and what to do. */
import type { Blame, Suggestion } from '../../analysis/confluence-report.js';
import { stationName } from '../../analysis/made-up-relations.js';
import { endsOf } from '../../analysis/long-ways.js';
import { traceBlame } from '../../analysis/trace-blame.js';
import { positionAt } from '../../base/span.js';
import { join, tag } from '../../viz/markup.js';
import type { Markup } from '../../viz/markup.js';
import type { AnnotatedFile } from '../annotate-source.js';
import { groupBlames, pathText } from '../blame-text.js';
import { assumptionsFor } from '../declared-overrides.js';
import { costOf, costText, gainPhrase, insertedPhrase, mechanismName } from '../mechanism-words.js';
import type { MonotonicityReport, ReportedObservable } from '../monotonicity-report.js';
import { differenceText, freshIdsText, summaryOf, verdictCells } from '../verdict-words.js';
import { pathId } from './page-paths.js';
import { witnessSection } from './page-witness.js';
import { lineId } from './source-segments.js';

export function verdictTable(report: MonotonicityReport): Markup {
  const rows = report.observables.map((observable, i) => {
    const { verdict, met } = observable;
    const [relation = '', kind = '', , status = '', complete = '', replicated = '', blazes = ''] =
      verdictCells(observable);
    const name = tag('code', {}, relation);
    const linked = met ? name : tag('a', { href: `#o${i}` }, name);
    return tag(
      'tr',
      {},
      tag('td', {}, linked, ' ', kind),
      tag('td', {}, chip(verdict, verdict), ' ', status),
      tag('td', {}, prose(summaryOf(observable, report))),
      tag('td', {}, `complete ${complete}`),
      tag('td', {}, replicated === 'yes' ? 'replicated' : 'not replicated'),
      tag('td', {}, `Blazes: ${blazes}`),
    );
  });
  if (rows.length === 0) return tag('p', {}, 'Nothing to observe: no outputs, no views.');
  return tag(
    'table',
    { class: 'list stack panel' },
    tag(
      'thead',
      {},
      tag(
        'tr',
        {},
        tableHeadings.map(([h, title]) => tag('th', { scope: 'col', title }, h)),
      ),
    ),
    tag('tbody', {}, rows),
  );
}

/** Headings of the verdicts, and what a newcomer may ask about them. */
const tableHeadings: readonly (readonly [string, string])[] = [
  ['Shown', 'outputs and views: what the outside sees'],
  ['Verdict', 'the best that was proved, and what runs add to it'],
  ['What it comes to', 'whether the obligation is met, and by what'],
  ['Complete', 'when all that will ever be shown is there: another matter than being right so far'],
  ['Held', 'whether several nodes should hold the same of it'],
  [
    'In Blazes',
    'Seal, Async: nothing; Run: between runs; Inst: replicas, for a while; Diverge: for good',
  ],
];

export function chip(className: string, words: string): Markup {
  return tag('span', { class: `chip ${className}` }, words);
}

/** Text with names in backquotes. */
export function prose(text: string): Markup {
  return join(text.split('`').map((piece, i) => (i % 2 === 1 ? tag('code', {}, piece) : piece)));
}

export function observableSection(
  report: MonotonicityReport,
  files: readonly AnnotatedFile[],
  index: number,
): Markup {
  const observable = report.observables[index]!;
  const { relation, kind, verdict, status, obligation, blame, witness } = observable;
  const declared = assumptionsFor(report, observable).map(({ rule, reason }) =>
    tag(
      'p',
      {},
      tag('strong', {}, 'Declared'),
      ' harmless, not proved: rule ',
      tag('code', {}, rule),
      ': ',
      reason,
    ),
  );
  return tag(
    'section',
    { class: `panel observable ${verdict}`, id: `o${index}` },
    tag('h2', {}, tag('code', {}, relation), ' ', chip(verdict, verdict)),
    tag(
      'p',
      {},
      `${status}; ${kind === 'output' ? 'an' : 'a'} ${kind} must be ${obligation}. `,
      prose(differenceText(observable)),
    ),
    observable.modulo === null ? [] : tag('p', {}, freshIdsText),
    declared,
    groupBlames(blame).map((group) =>
      blameBlock(
        report,
        files,
        group.map((each) => [each, pathId(index, blame.indexOf(each))] as const),
      ),
    ),
    remedy(observable, report),
    witness === null ? [] : witnessSection(report.program, relation, witness),
  );
}

function blameBlock(
  { program }: MonotonicityReport,
  files: readonly AnnotatedFile[],
  ways: readonly (readonly [Blame, string])[],
): Markup {
  const [[blame, id], ...others] = ways as [(typeof ways)[number], ...typeof ways];
  const button = (each: Blame, path: string): Markup =>
    tag(
      'a',
      {
        class: 'button',
        href: `#${lineId(files, each.span)}`,
        'data-path': path,
        role: 'button',
        'aria-pressed': 'false',
      },
      'Show the path',
    );
  const who =
    blame.rule === null
      ? 'the declaration'
      : join(['rule ', tag('code', {}, stationName(program, blame.rule))]);
  const told = endsOf(traceBlame(program, blame), ({ role }) => role === 'blamed');
  const steps = told.map(({ role, span, text }) => {
    const { line } = positionAt(span.file, span.start);
    const place = tag('a', { href: `#${lineId(files, span)}` }, `${span.file.path}:${line}`);
    const literal = span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
    return tag('li', { class: role }, tag('code', {}, literal), ' ', prose(text), ' ', place);
  });
  return tag(
    'div',
    { class: 'blame' },
    tag('p', {}, tag('strong', {}, 'Because of '), who, ` (${blame.reason}) `, button(blame, id)),
    tag('ol', {}, steps),
    others.map(([other, path]) =>
      tag('p', {}, 'Also by ', tag('code', {}, pathText(other)), ' ', button(other, path)),
    ),
  );
}

function remedy(observable: ReportedObservable, { plan, nodeCount }: MonotonicityReport): Markup {
  const { mechanism, metWithCoordination, unmetBecause, suggestions } = observable;
  const what =
    mechanism.provider === 'owner'
      ? 'Nothing is inserted: one node decides, in the order of its own timesteps.'
      : metWithCoordination
        ? `Inserted: ${insertedPhrase(observable, plan)}: ${gainPhrase(observable, plan)}.`
        : `Needs ${mechanismName(mechanism)}.${unmetBecause === null ? '' : ` Not inserted: ${unmetBecause}.`}`;
  const cost =
    mechanism.provider === 'owner'
      ? []
      : tag('p', {}, 'Cost: ', costText(costOf(mechanism, nodeCount)), '.');
  return tag(
    'div',
    {},
    tag('h3', {}, 'What to do'),
    tag('p', {}, prose(what)),
    cost,
    suggestions.length === 0
      ? []
      : [tag('p', {}, 'Cheapest first:'), tag('ul', {}, suggestions.map(suggestionItem))],
  );
}

function suggestionItem({ title, edit, promises }: Suggestion): Markup {
  const then = promises === null ? [] : tag('p', { class: 'hint' }, `and it is ${promises}`);
  return tag(
    'li',
    {},
    prose(title),
    edit === null ? [] : tag('pre', { class: 'edit' }, edit),
    then,
  );
}
