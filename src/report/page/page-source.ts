/** The source on the page: letters in the margin, marks below what costs, and why, in the margin's words. */
import type { Program } from '../../semantics/program.js';
import { tag } from '../../viz/markup.js';
import type { Markup } from '../../viz/markup.js';
import type { AnnotatedFile, AnnotatedLine } from '../annotate-source.js';
import { letterMeanings, letterOf } from '../rule-words.js';
import { prose } from './page-observables.js';
import { cutLine, placesOf } from './source-segments.js';
import type { LinePiece } from './source-segments.js';

export function sourcePane(program: Program, files: readonly AnnotatedFile[]): Markup {
  return tag(
    'section',
    { class: 'panel pane scroll', id: 'source', 'aria-label': 'Source', tabindex: 0 },
    files.map((file, index) => fileSection(program, files, file, index)),
    tag(
      'ul',
      { class: 'legend' },
      letterMeanings.map(([letter, meaning]) =>
        tag('li', {}, tag('strong', { class: `letter ${letter}` }, letter), ` ${meaning}`),
      ),
    ),
    tag('p', { class: 'legend' }, 'A wavy line marks what costs a rule its monotonicity.'),
  );
}

function fileSection(
  program: Program,
  files: readonly AnnotatedFile[],
  annotated: AnnotatedFile,
  index: number,
): Markup {
  const places = placesOf(program, annotated.file);
  const rows = annotated.lines.flatMap((line) => [
    lineRow(line, `f${index}-L${line.number}`, cutLine(files, annotated.file, line, places)),
    ...noteRows(line),
  ]);
  return tag(
    'div',
    {},
    tag('div', { class: 'pane-head' }, tag('h3', {}, tag('code', {}, annotated.file.path))),
    tag('table', { class: 'code' }, tag('tbody', {}, rows)),
  );
}

function lineRow(line: AnnotatedLine, id: string, pieces: readonly LinePiece[]): Markup {
  const { rules, number } = line;
  const ids = rules.flatMap((rule) => rule.ids);
  const letters = [...new Set(rules.map(({ letter }) => letterOf[letter]))];
  const why = rules
    .filter(({ letter }) => letter === 'monotone')
    .map((rule) => rule.why)
    .join('; ');
  const label = rules.map(
    ({ letter, names, why: reason }) => `${names.join(', ')}: ${letter}, ${reason}`,
  );
  return tag(
    'tr',
    {
      id,
      'data-rules': ids.length === 0 ? null : ids.join(' '),
      title: label.length === 0 ? null : label.join('\n'),
    },
    tag('td', { class: `letter ${letters[0] ?? ''}` }, letters.join('')),
    tag('td', { class: 'number' }, String(number)),
    tag(
      'td',
      { class: 'text' },
      pieces.map(pieceMarkup),
      why === '' ? [] : tag('span', { class: 'why' }, prose(why)),
    ),
  );
}

function pieceMarkup({ text, segment, mark }: LinePiece): Markup | string {
  if (segment === null && mark === null) return text;
  const classes = [
    ...(segment === null ? [] : ['seg']),
    ...(mark === null ? [] : ['mark', mark.letter]),
  ];
  return tag('span', { class: classes.join(' '), 'data-seg': segment }, text);
}

/** Below a line, what each of its marks does. */
function noteRows({ marks, text }: AnnotatedLine): readonly Markup[] {
  return marks.map(({ from, letter, text: what }) => {
    const indent = text.slice(0, from).replace(/\S/g, ' ');
    return tag(
      'tr',
      { class: 'note' },
      tag('td', {}),
      tag('td', {}),
      tag('td', { class: letterOf[letter] }, `${indent}↑ `, prose(what)),
    );
  });
}
