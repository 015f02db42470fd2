/**
 * Two lists of items in two columns, for a terminal. An item that is wider than its column goes on in
 * further rows, set in; long lists and long items are cut short.
 */
import { displayLine, displayMessage } from '../diagnostics/display-text.js';

export interface TextColumn {
  readonly heading: string;
  readonly items: readonly string[];
}

/** Items shown of one column. */
const mostItems = 10;
/** Rows of one item. */
const mostRows = 6;
/** Cells of a column: two of them fit beside each other in a hundred. */
const widestColumn = 46;

/** The rows of both columns, with a bar between them. */
export function sideBySide(left: TextColumn, right: TextColumn): readonly string[] {
  const columns = [rowsOf(left), rowsOf(right)] as const;
  const width = Math.max(...columns[0].map(cellsOf));
  const count = Math.max(columns[0].length, columns[1].length);
  return Array.from({ length: count }, (_, i) => {
    const text = columns[0][i] ?? '';
    const pad = ' '.repeat(Math.max(0, width - cellsOf(text)));
    return `${text}${pad} | ${columns[1][i] ?? ''}`.trimEnd();
  });
}

function rowsOf({ heading, items }: TextColumn): readonly string[] {
  const rest = items.length - mostItems;
  const more = rest > 0 ? [`... ${rest} more`] : [];
  const shown = items.slice(0, mostItems).map(displayMessage);
  return [...wrap(heading), ...shown.flatMap(wrap), ...more];
}

/** The rows of one item, broken between words; a word that is wider than a row is broken too. */
function wrap(text: string): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text
    .slice(0, 2 * mostRows * widestColumn)
    .split(' ')
    .flatMap(fragments)) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (row === '' || cellsOf(longer) <= widestColumn) {
      row = longer;
      continue;
    }
    rows.push(row);
    row = `  ${word}`;
  }
  rows.push(row);
  return rows.length <= mostRows ? rows : [...rows.slice(0, mostRows - 1), '  ...'];
}

function fragments(word: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && cellsOf(part + character) > widestColumn - 2) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

function cellsOf(text: string): number {
  return displayLine(text).cells.at(-1) ?? 0;
}
