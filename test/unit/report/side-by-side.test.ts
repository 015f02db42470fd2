/** Columns beside each other: nothing wider than a hundred cells, nothing endless, nothing lost unsaid. */
import { describe, expect, it } from 'vitest';
import { sideBySide } from '../../../src/report/side-by-side.js';

const column = (heading: string, items: readonly string[]) => ({ heading, items });

describe('two columns', () => {
  it('stay within a hundred cells, whatever stands in them', () => {
    const items = ['word '.repeat(60), 'x'.repeat(400), '表'.repeat(80), '\u001b[2J', 'short'];
    const rows = sideBySide(column('left', items), column('right', items));
    for (const row of rows) {
      const cells = [...row].reduce((sum, character) => sum + (character === '表' ? 2 : 1), 0);
      expect(cells).toBeLessThanOrEqual(100);
      expect(row).not.toContain('\u001b');
    }
    expect(rows.at(-1)).toContain('short');
  });

  it('set further rows of an item in, and break between words', () => {
    const [, first, second] = sideBySide(
      column('l', [`${'abc '.repeat(11)}defghi jkl`]),
      column('r', []),
    );
    expect(first).toMatch(/^abc .* abc +\|$/);
    expect(second).toMatch(/^ {2}defghi jkl +\|$/);
  });

  it('say how much they leave out', () => {
    const items = Array.from({ length: 14 }, (_, i) => `item ${i}`);
    expect(sideBySide(column('l', items), column('r', ['one'])).at(-1)).toMatch(/^\.\.\. 4 more/);
  });
});
