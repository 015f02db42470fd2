/** Two lists of lines in two columns, for a terminal; long ones are cut short. */
import { displayLine, displayMessage } from '../diagnostics/display-text.js';

export interface TextColumn {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Lines shown of one column. */
const mostLines = 10;
/** Cells of the widest left column; a longer line stays whole and pushes the bar out. */
const widestColumn = 60;

export function sideBySide(left: TextColumn, right: TextColumn): readonly string[] {
  const columns = [cut(left), cut(right)] as const;
  const width = Math.min(widestColumn, Math.max(...columns[0].map(cellsOf)));
  const count = Math.max(columns[0].length, columns[1].length);
  return Array.from({ length: count }, (_, i) => {
    const text = columns[0][i] ?? '';
    const pad = ' '.repeat(Math.max(0, width - cellsOf(text)));
    return `${text}${pad} | ${columns[1][i] ?? ''}`.trimEnd();
  });
}

function cut({ heading, lines }: TextColumn): readonly string[] {
  const rest = lines.length - mostLines;
  const more = rest > 0 ? [`... ${rest} more`] : [];
  return [heading, ...lines.slice(0, mostLines).map(displayMessage), ...more];
}

function cellsOf(text: string): number {
  return displayLine(text).cells.at(-1) ?? 0;
}
