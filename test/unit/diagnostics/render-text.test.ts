/** Diagnostics as people see them: frames, clipping, widths, order, limit, colour. */
import { describe, expect, it } from 'vitest';

import type { SourceFile, Span } from '../../../src/base/span.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { renderText } from '../../../src/diagnostics/render-text.js';

function source(text: string, path = 'a.bloom'): SourceFile {
  return { path, text };
}
function span(file: SourceFile, part: string, from = 0): Span {
  const start = file.text.indexOf(part, from);
  return { file, start, end: start + part.length };
}
function error(at: Span, more: Partial<Diagnostic> = {}, label?: string): Diagnostic {
  const primary = label === undefined ? { span: at } : { span: at, text: label };
  return {
    code: 'TRL0201',
    severity: 'error',
    message: 'unknown relation `lnik`',
    primary,
    ...more,
  };
}
function render(...diagnostics: Diagnostic[]): string[] {
  return renderText(diagnostics, { color: false }).split('\n');
}

describe('a frame', () => {
  it('shows the place, its label, notes and help', () => {
    const file = source('table link(a, b);\n\npath(x, y) :- lnik(x, y);\n');
    const notes = ['first note', 'second note\nin two lines'];
    expect(
      render(error(span(file, 'lnik'), { notes, help: 'did you mean `link`?' }, 'not declared')),
    ).toEqual([
      'error[TRL0201]: unknown relation `lnik`',
      ' --> a.bloom:3:15',
      '  |',
      '3 | path(x, y) :- lnik(x, y);',
      '  |               ^^^^ not declared',
      '  |',
      '  = note: first note',
      '  = note: second note',
      '          in two lines',
      '  = help: did you mean `link`?',
      '',
    ]);
  });

  it('shows other places: in one line, near, far and in other files', () => {
    const file = source(
      ['p(x, x);', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].join(
        '\n',
      ),
    );
    const other = source('q(1);', 'b.bloom');
    const secondary = [
      { span: span(file, 'x', 4), text: 'again' },
      { span: span(file, 'three'), text: 'near' },
      { span: span(file, 'ten'), text: 'far' },
      { span: span(other, 'q'), text: 'elsewhere' },
    ];
    expect(render(error(span(file, 'x'), { secondary }, 'here'))).toEqual([
      'error[TRL0201]: unknown relation `lnik`',
      '  --> a.bloom:1:3',
      '   |',
      ' 1 | p(x, x);',
      '   |   ^ here',
      '   |      - again',
      ' 2 | two',
      ' 3 | three',
      '   | ----- near',
      '...',
      '10 | ten',
      '   | --- far',
      '  ::: b.bloom:1:1',
      '   |',
      ' 1 | q(1);',
      '   | - elsewhere',
      '',
    ]);
  });

  it('marks the first and the last line of a span over several lines', () => {
    const file = source('p(x) :-\n    q(x),\n    r(x),\n    s(x);\n');
    expect(
      render(error({ file, start: 5, end: file.text.length - 2 }, {}, 'this body')).slice(3),
    ).toEqual(['1 | p(x) :-', '  |      ^^', '...', '4 |     s(x);', '  |     ^^^^ this body', '']);
  });

  it('ends in the line that its span ends with the line feed of', () => {
    const file = source('ab\ncd\n');
    expect(render(error({ file, start: 0, end: 3 })).slice(3, 5)).toEqual(['1 | ab', '  | ^^']);
  });

  it.each([
    ['an empty file', '', 0, ['1 |', '  | ^']],
    ['the end of a file', 'p(', 2, ['1 | p(', '  |   ^']],
    ['the end of a file behind a line feed', 'p(\n', 3, ['2 |', '  | ^']],
    ['a place beyond the end', 'p', 9, ['1 | p', '  |  ^']],
  ])('points at %s', (_name, text, at, rows) => {
    const file = source(text);
    expect(render(error({ file, start: at, end: at })).slice(3, 5)).toEqual(rows);
  });

  it('reads CR LF and CR as line ends', () => {
    const file = source('a\r\nb\rc');
    expect(render(error(span(file, 'c'))).slice(1, 5)).toEqual([
      ' --> a.bloom:3:1',
      '  |',
      '3 | c',
      '  | ^',
    ]);
  });
});

describe('a line', () => {
  it.each([
    ['tabs', '\tp(\tx)', 'x', ['1 |     p(    x)', '  |           ^']],
    ['wide characters', 'p("日本", x)', 'x', ['1 | p("日本", x)', '  |           ^']],
    ['emoji', 'p("😀", x)', '😀', ['1 | p("😀", x)', '  |    ^^']],
    ['combining marks', 'p("e\u0301", x)', 'x', ['1 | p("e\u0301", x)', '  |        ^']],
    ['lone surrogates', 'p("\ud800", x)', 'x', ['1 | p("\ufffd", x)', '  |        ^']],
    ['escape sequences', 'p("\u001b[2J", x)', 'x', ['1 | p("\ufffd[2J", x)', '  |           ^']],
    ['marks of direction', 'p("\u202ea", x)', 'x', ['1 | p("\ufffda", x)', '  |         ^']],
  ])('with %s', (_name, text, part, rows) => {
    expect(render(error(span(source(text), part))).slice(3, 5)).toEqual(rows);
  });

  it('is clipped around its mark', () => {
    const file = source(`${'a, '.repeat(1000)}HERE${', b'.repeat(1000)}`);
    const [, , , line, mark] = render(error(span(file, 'HERE'), {}, 'label'));
    expect(line).toHaveLength('1 | '.length + 102);
    expect(line!.slice(mark!.indexOf('^'), mark!.lastIndexOf('^') + 1)).toBe('HERE');
    expect([line!.startsWith('1 | …'), line!.endsWith('…')]).toEqual([true, true]);
  });

  it('is clipped once for each mark where they lie apart', () => {
    const file = source(`FIRST${' '.repeat(500)}LAST`);
    const rows = render(error(span(file, 'LAST'), { secondary: [{ span: span(file, 'FIRST') }] }));
    for (const [at, sign, part] of [
      [3, '^', 'LAST'],
      [5, '-', 'FIRST'],
    ] as const) {
      const mark = rows[at + 1]!;
      expect(rows[at]!.slice(mark.indexOf(sign), mark.lastIndexOf(sign) + 1)).toBe(part);
    }
  });

  it('is clipped where the mark itself is longer', () => {
    const rows = render(error(span(source('x'.repeat(100_000)), 'x'.repeat(100_000))));
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(110);
  });

  it('is not clipped in the middle of a character', () => {
    const file = source('😀'.repeat(300));
    for (let start = 200; start < 204; start++) {
      expect(render(error({ file, start, end: start })).join('\n')).not.toContain('\ufffd');
    }
  });
});

describe('many diagnostics', () => {
  const file = source('p\nq\nr', 'b.bloom');

  it('are sorted by file, place and code, those without a place first', () => {
    const first = source('z', 'a.bloom');
    const shown = render(
      error({ file, start: 2, end: 3 }, { code: 'TRL0900' }),
      error({ file, start: 2, end: 3 }, { code: 'TRL0100' }),
      error({ file, start: 0, end: 1 }, { code: 'TRL0500' }),
      error(span(first, 'z'), { code: 'TRL0800' }),
      { code: 'TRL1001', severity: 'error', message: 'no such file', help: 'look' },
    );
    expect(shown.filter((row) => row.startsWith('error')).map((row) => row.slice(6, 13))).toEqual([
      'TRL1001',
      'TRL0800',
      'TRL0500',
      'TRL0100',
      'TRL0900',
    ]);
    expect(shown.slice(0, 4)).toEqual([
      'error[TRL1001]: no such file',
      '  = help: look',
      '',
      'error[TRL0800]: unknown relation `lnik`',
    ]);
  });

  it('are cut at the limit, and the rest is counted by kind', () => {
    const many = Array.from({ length: 112 }, () => error({ file, start: 0, end: 1 }));
    expect(render(...many).filter((row) => row.startsWith('error'))).toHaveLength(100);
    expect(render(...many).slice(-3)).toEqual(['', '12 more errors not shown', '']);
    const warning = error({ file, start: 4, end: 5 }, { severity: 'warning' });
    expect(renderText([...many.slice(0, 2), warning], { color: false, limit: 1 })).toContain(
      '\n1 more error and 1 more warning not shown\n',
    );
    expect(renderText(many.slice(0, 100), { color: false })).not.toContain('not shown');
  });

  it('of none there is nothing to say', () => {
    expect(renderText([], { color: false })).toBe('');
  });

  it('are coloured on request alone', () => {
    const one = [
      error({ file, start: 0, end: 1 }, { secondary: [{ span: { file, start: 2, end: 3 } }] }),
    ];
    const coloured = renderText(one, { color: true });
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderText(one, { color: false }));
  });
});

it('excerpts of one large file stand in the order of their lines', () => {
  const line = (firstLine: number, text: string): Diagnostic => {
    const file = { path: 'facts.csv', text, firstLine };
    return error({ file, start: text.length - 1, end: text.length }, { message: text });
  };
  const places = render(line(9, 'a'), line(4, 'long line'), line(7, 'abc')).filter((row) =>
    row.includes('-->'),
  );
  expect(places).toEqual([' --> facts.csv:4:9', ' --> facts.csv:7:3', ' --> facts.csv:9:1']);
});
