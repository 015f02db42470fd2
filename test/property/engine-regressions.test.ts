/** What `npm run fuzz:engine` has found, once mended: programs on which the evaluators once differed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { keptCaseText, readKeptCase } from '../support/kept-cases.js';
import { makeCase, mixedText } from '../support/random-mixed-programs.js';
import { programOf } from '../support/reference-node.js';
import { Prng } from '../../src/base/prng.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/fuzz/regressions');
const kept = readdirSync(folder).filter((name) => name.endsWith('.bloom'));

it.each(kept)('%s', (name) => {
  const { text, steps } = readKeptCase(readFileSync(join(folder, name), 'utf8'));
  expect(steps.length).toBeGreaterThan(0);
  expect(compareEvaluators(programOf(text), steps, 200)).toBeNull();
});

it('keeps cases as they are', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const prng = new Prng(seed);
    const one = makeCase((below) => prng.int(0, below - 1), 8);
    const text = mixedText(one);
    const read = readKeptCase(keptCaseText({ text, steps: one.steps }, ['seed']));
    const again = keptCaseText({ text, steps: read.steps }, ['seed']);
    expect(again).toBe(keptCaseText({ text, steps: one.steps }, ['seed']));
    expect(read.text).toContain(text);
  }
});
