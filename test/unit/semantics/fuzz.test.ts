import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeTable } from '../../../src/diagnostics/code-table.js';
import { checkText, printed, programOf } from '../../support/check-fixture.js';

/** The words of many small programs, right and wrong ones. */
const words = codeTable
  .flatMap(({ wrong, right }) => [wrong, right])
  .filter((text) => text !== null && text.length < 2000)
  .map((text) => text!.match(/"[^"\n]*"|\w+|:-|=>|[=!<>]=|@\w+|\s+|[^\w\s]/g) ?? []);

/** A program with some of its words dropped, doubled, or replaced by words of any program. */
const damaged = fc
  .tuple(
    fc.constantFrom(...words),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('drop', 'double', 'replace'),
        fc.constantFrom(...words.flat()),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([original, changes]) => {
    const text = [...original];
    for (const [at, kind, word] of changes) {
      const i = at % Math.max(1, text.length);
      if (kind === 'drop') text.splice(i, 1);
      else if (kind === 'double') text.splice(i, 0, text[i] ?? '');
      else text[i] = word;
    }
    return text.join('');
  });

describe('the checker', () => {
  it('never throws, gives every error a place and help, and a program only without errors', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { program, diagnostics } = checkText(text);
        const own = diagnostics.filter((d) => /^TRL0[2-5]/.test(d.code));
        for (const d of own)
          expect(
            [d.code, d.primary !== undefined, (d.help ?? '') !== ''],
            `${d.message}\n${text}`,
          ).toEqual([d.code, true, true]);
        if (own.some((d) => d.severity === 'error')) expect(program).toBeNull();
      }),
      { numRuns: 1500 },
    );
  });

  it('accepts what it printed', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { program } = checkText(text);
        if (program === null) return;
        const once = printed(program);
        expect(printed(programOf(once)), text).toBe(once);
      }),
      { numRuns: 1500 },
    );
  });
});
