/**
 * A file that no longer fits in a reader's head is split. 100 to 200 lines are the aim, 400 a
 * reason to look, and 600 the end, which this test holds.
 */
import { expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

const mostLines = 600;

it(`no source file has more than ${mostLines} lines`, () => {
  const tooLong = sourceFiles(['src'])
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  expect(tooLong).toEqual([]);
});
