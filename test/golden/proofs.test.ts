/**
 * The table of what bears out each verdict: of every program of `test/golden/analysis` and of every
 * example, by observable. `proofs.txt` is for a reviewer, and held here: `npm test` makes a part of
 * its lines anew, `npm run nightly` all of them. `TRELLIS_UPDATE=1 npm run nightly` rewrites it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchGolden } from '../support/golden-file.js';
import { proofLines, proofSubjects, verdictsOf } from '../support/prove-verdicts.js';
import { repositoryRoot } from '../support/trellis-command.js';

const nightly = process.env['TRELLIS_NIGHTLY'] !== undefined;
/** Of the programs, every how many `npm test` takes. */
const sample = 6;
const path = join(repositoryRoot, 'test/golden/proofs.txt');
const readTable = (): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const subjects = proofSubjects();

describe('what bears out the verdicts', { timeout: 3_600_000 }, () => {
  it(nightly ? 'of every program' : 'of a part of the programs', async () => {
    const lines: string[] = [];
    const taken = nightly ? subjects : subjects.filter((_, i) => i % sample === 0);
    for (const subject of taken) lines.push(...(await proofLines(subject)));
    if (nightly) matchGolden(path, `${lines.join('\n')}\n`);
    else expect(readTable()).toEqual(expect.arrayContaining(lines));
  });

  it('has a line for each observable, with its verdict', async () => {
    const verdicts: string[] = [];
    for (const subject of subjects) verdicts.push(...(await verdictsOf(subject)));
    expect(readTable().map((line) => line.split(', ')[0])).toEqual(verdicts);
  });
});
