/**
 * Records of CSV and TSV text with RFC 4180 quoting. A cell that begins with `"` ends at the next
 * single `"`; a doubled one inside stands for itself, and so do delimiters and line ends. Lines end
 * in LF, CR LF or CR, also mixed. Lines without any character are no records.
 *
 * Fact files may have millions of lines, so a line without quotes is only split; where a cell
 * stands is found out again (`cellSpan`) for the few that are complained about.
 */

/** One record: its cells and where it stands, line end excluded. */
export interface DelimitedRecord {
  readonly cells: readonly string[];
  readonly start: number;
  readonly end: number;
}
/** Where and how the quoting is broken. */
export interface ScanProblem {
  readonly at: number;
  readonly message: string;
}

interface Scan {
  readonly text: string;
  readonly delimiter: string;
}
interface Cell {
  readonly content: string;
  /** Quotes included. */
  readonly start: number;
  readonly end: number;
}

/** Calls `record` for every record in order; the first problem, which ends the scan, or null. */
export function scanDelimited(
  text: string,
  delimiter: string,
  record: (record: DelimitedRecord) => void,
): ScanProblem | null {
  const nextQuote = finder(text, '"');
  const nextLineFeed = finder(text, '\n');
  const nextReturn = finder(text, '\r');
  for (let start = 0; start < text.length;) {
    let end = Math.min(nextLineFeed(start), nextReturn(start));
    if (nextQuote(start) > end) {
      if (end > start) record({ cells: text.slice(start, end).split(delimiter), start, end });
    } else {
      const cells = scanRecord({ text, delimiter }, start);
      if ('message' in cells) return cells;
      end = cells.at(-1)!.end;
      record({ cells: cells.map(({ content }) => content), start, end });
    }
    start = end + (text.startsWith('\r\n', end) ? 2 : 1);
  }
  return null;
}

/** Start and end of the `index`th cell of a record that was scanned without problem. */
export function cellSpan(
  text: string,
  delimiter: string,
  { start, end }: DelimitedRecord,
  index: number,
): readonly [number, number] {
  const cells = scanRecord({ text, delimiter }, start);
  const cell = 'message' in cells ? undefined : cells[index];
  return cell === undefined ? [start, end] : [cell.start, cell.end];
}

/** The next place of a mark at or behind a position, which only grows; the text's end if there is none. */
function finder(text: string, mark: string): (from: number) => number {
  let known = -1;
  return (from) => {
    if (known < from) known = text.indexOf(mark, from);
    if (known < 0) known = text.length;
    return known;
  };
}

function scanRecord(scan: Scan, start: number): readonly Cell[] | ScanProblem {
  const cells: Cell[] = [];
  for (let at = start; ;) {
    const cell = scan.text[at] === '"' ? scanQuoted(scan, at) : scanBare(scan, at);
    if ('message' in cell) return cell;
    cells.push(cell);
    if (scan.text[cell.end] !== scan.delimiter) return cells;
    at = cell.end + 1;
  }
}

function isCellEnd({ text, delimiter }: Scan, at: number): boolean {
  const unit = text[at];
  return unit === undefined || unit === delimiter || unit === '\n' || unit === '\r';
}

function scanBare(scan: Scan, start: number): Cell | ScanProblem {
  let end = start;
  for (; !isCellEnd(scan, end); end++) {
    if (scan.text[end] === '"')
      return { at: end, message: 'a quote inside a cell that does not begin with one' };
  }
  return { content: scan.text.slice(start, end), start, end };
}

function scanQuoted(scan: Scan, start: number): Cell | ScanProblem {
  const { text } = scan;
  let content = '';
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { at: start, message: 'this quoted cell is not closed' };
    content += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      if (isCellEnd(scan, quote + 1)) return { content, start, end: quote + 1 };
      return { at: quote + 1, message: 'text behind the closing quote of a cell' };
    }
    content += '"';
    from = quote + 2;
  }
}
