/**
 * Relations as a run ends: to standard output, or each into a file of its own. CSV and TSV cannot hold
 * every string; what they cannot hold is told, and where files are written it is kept beside them.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { renderPieces, type NamedRows, type OutputFormat } from '../files/render-rows.js';
import { writeFolder } from '../files/write-files.js';
import { demand, showDiagnostics, writeOut } from './console.js';
import type { Progress } from './progress.js';

export interface ShowOptions {
  readonly format: OutputFormat;
  /** A folder for files; else rows are printed. */
  readonly out?: string;
  readonly all?: boolean;
  readonly progress?: Progress;
}

/** Rows of a table that are shown without `--all`. */
const shownRows = 50;

/** Cells of a relation that were not written as they are. */
interface Replaced {
  count: number;
  readonly row: number;
  readonly column: number;
}

export function showRelations(results: readonly NamedRows[], options: ShowOptions): void {
  const { format, out } = options;
  const replaced = new Map<NamedRows, Replaced>();
  const piecesOf = (named: NamedRows, limit: number): Iterable<string | Uint8Array> =>
    renderPieces(named, format, limit, (row, column) => {
      const known = replaced.get(named);
      if (known === undefined) replaced.set(named, { count: 1, row, column });
      else known.count++;
    });
  if (out === undefined) {
    const limit = options.all === true ? Number.POSITIVE_INFINITY : shownRows;
    for (const [i, named] of results.entries()) {
      if (i > 0 && format === 'table') writeOut('\n');
      for (const piece of piecesOf(named, limit)) writeOut(piece);
    }
  } else {
    const ending = format === 'table' ? 'txt' : format;
    const files = results.map((named) => ({
      name: `${named.relation}.${ending}`,
      text: told(
        piecesOf(named, Number.POSITIVE_INFINITY),
        `writing ${named.relation}.${ending}`,
        options.progress,
      ),
    }));
    demand(writeFolder(out, files));
    const whole = [...replaced.keys()].map((named) => ({
      name: `${named.relation}.jsonl`,
      text: renderPieces(named, 'jsonl', Number.POSITIVE_INFINITY),
    }));
    demand(writeFolder(out, whole));
  }
  showDiagnostics(
    [...replaced].map(([named, cells]) => replacedWarning(named, cells, format, out !== undefined)),
  );
}

/** The pieces; how much has been written is told now and then. */
function* told(
  pieces: Iterable<string | Uint8Array>,
  what: string,
  progress: Progress | undefined,
): Iterable<string | Uint8Array> {
  let bytes = 0;
  for (const piece of pieces) {
    yield piece;
    bytes += Buffer.byteLength(piece);
    progress?.tell(what, `${Math.floor(bytes / 1e6)} MB`);
  }
}

function replacedWarning(
  { relation, columns }: NamedRows,
  { count, row, column }: Replaced,
  format: OutputFormat,
  isFile: boolean,
): Diagnostic {
  const cells = count === 1 ? 'a cell of' : `${count} cells of`;
  const first = `\`${columns[column]}\` of row ${row + 1}`;
  return {
    code: 'TRL1016',
    severity: 'warning',
    message: `${cells} \`${relation}\` cannot be written as ${format.toUpperCase()}: ${count === 1 ? first : `the first is ${first}`}`,
    notes: [
      'such a string has half of a surrogate pair, for which no encoding of text has bytes; U+FFFD stands in its place',
    ],
    help: isFile
      ? `${relation}.jsonl, written beside ${relation}.${format}, has all rows as they are`
      : '`--format jsonl` prints all rows as they are',
  };
}
