/**
 * The margin view: every source line, with the letter of the rule that begins there. A monotone rule
 * says at the right why it is one; below the others each costly literal is underlined with what it
 * does.
 */
import picocolors from 'picocolors';
import type { RuleLetter } from '../analysis/classify-rules.js';
import { displayLine, displayMessage } from '../diagnostics/display-text.js';
import { annotateSource } from './annotate-source.js';
import type { AnnotatedFile, AnnotatedLine } from './annotate-source.js';
import type { MonotonicityReport } from './monotonicity-report.js';
import { letterMeanings, letterOf } from './rule-words.js';

type Colors = ReturnType<typeof picocolors.createColors>;
type Painter = Readonly<Record<RuleLetter, (text: string) => string>>;

/** Cells after which a remark at the right goes where the line ends. */
const widestColumn = 72;

/** All files with rules, and what the letters mean. */
export function renderAnnotatedText(
  report: MonotonicityReport,
  options: { readonly color: boolean },
): string {
  const colors = picocolors.createColors(options.color);
  const files = annotateSource(report);
  if (files.length === 0) return `${report.program.name} has no rules\n`;
  const legend = letterMeanings.map(([letter, meaning]) => `${letter}  ${meaning}\n`).join('');
  return [...files.map((file) => fileText(file, colors)), legend + countText(files)].join('\n');
}

function fileText({ file, lines }: AnnotatedFile, colors: Colors): string {
  const paint: Painter = {
    monotone: colors.green,
    convergent: colors.yellow,
    divergent: colors.red,
  };
  const width = String(lines.length).length;
  const remarks = lines.filter(({ rules }) => rules.some(({ letter }) => letter === 'monotone'));
  const column = Math.max(
    0,
    ...remarks
      .map(({ text }) => displayLine(text).cells.at(-1) ?? 0)
      .filter((cells) => cells <= widestColumn),
  );
  const rows = lines.flatMap((line) => lineRows(line, { width, column, paint, colors }));
  return [`${colors.bold(displayMessage(file.path))}\n`, ...rows.map((row) => `${row}\n`)].join('');
}

interface Layout {
  /** Digits of the last line number. */
  readonly width: number;
  /** Where remarks begin. */
  readonly column: number;
  readonly paint: Painter;
  readonly colors: Colors;
}

function lineRows(
  line: AnnotatedLine,
  { width, column, paint, colors }: Layout,
): readonly string[] {
  const { text, cells } = displayLine(line.text);
  const letters = [...new Set(line.rules.map(({ letter }) => letter))];
  const margin = letters.map((letter) => paint[letter](letterOf[letter])).join('');
  const pad = ' '.repeat(Math.max(0, 2 - letters.length));
  const bar = colors.blue('|');
  const why = line.rules
    .filter(({ letter }) => letter === 'monotone')
    .map((rule) => rule.why)
    .join('; ');
  const remark =
    why === ''
      ? ''
      : `${' '.repeat(Math.max(0, column - cells.at(-1)!))}  ${colors.dim(displayMessage(`· ${why}`))}`;
  const number = colors.blue(String(line.number).padStart(width));
  const rows = [`${margin}${pad}${number} ${bar} ${text}${remark}`.trimEnd()];
  for (const { from, to, letter, text: what } of line.marks) {
    const start = cells[Math.min(from, cells.length - 1)]!;
    const end = cells[Math.min(to, cells.length - 1)]!;
    const sign = '^'.repeat(Math.max(1, end - start));
    rows.push(
      `  ${' '.repeat(width)} ${bar} ${' '.repeat(start)}${paint[letter](`${sign} ${displayMessage(what)}`)}`,
    );
  }
  return rows;
}

function countText(files: readonly AnnotatedFile[]): string {
  const rules = files.flatMap(({ lines }) => lines.flatMap((line) => line.rules));
  const counts = (['monotone', 'convergent', 'divergent'] as const).flatMap((letter) => {
    const count = rules.filter((rule) => rule.letter === letter).length;
    return count === 0 ? [] : [`${count} ${letter}`];
  });
  return `${rules.length} rule${rules.length === 1 ? '' : 's'}: ${counts.join(', ')}\n`;
}
