/** SARIF logs held against the official schema: of every golden program with diagnostics, and of races. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeTable } from '../../../src/diagnostics/code-table.js';
import { renderSarif } from '../../../src/diagnostics/render-sarif.js';
import { compileText } from '../../support/compile-text.js';
import { sarifErrors } from '../../support/sarif-schema.js';
import { repositoryRoot } from '../../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/diagnostics');
const programs = readdirSync(folder).filter((name) => /\.(bloom|ded)$/.test(name));

describe('the SARIF schema', () => {
  it('refuses what is no log, so that it can tell', () => {
    expect(sarifErrors({ version: '2.1.0', runs: [{}] })).toEqual([
      "/runs/0: must have required property 'tool'",
    ]);
  });

  it('holds for every golden program with diagnostics', () => {
    const logs = programs.map((name) => {
      const { diagnostics, findings } = compileText(
        readFileSync(join(folder, name), 'utf8'),
        {},
        name,
      );
      return renderSarif([...diagnostics, ...findings], codeTable);
    });
    expect(programs.length).toBeGreaterThan(40);
    for (const log of logs) expect(sarifErrors(log)).toEqual([]);
  });

  it('holds for a race, with the way by which it comes about as a code flow', () => {
    const { findings } = compileText(
      'input vote(who: string); static member(who: string); table voted(who: string); output missing(who: string); voted(w) :- vote(w); missing(w) :- member(w), notin voted(w);',
      {},
      'votes.bloom',
    );
    const log = renderSarif(findings, codeTable);
    expect(sarifErrors(log)).toEqual([]);
    expect(log).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'TRL0602',
              codeFlows: [
                {
                  threadFlows: [
                    {
                      locations: [
                        { location: { message: { text: '`vote` comes in at any time' } } },
                        { location: { message: { text: 'into `voted` by rule `voted#1`' } } },
                        {
                          location: {
                            message: {
                              text: 'negates a set that still grows: what is shown may be taken back',
                            },
                          },
                        },
                        {
                          location: {
                            message: { text: 'released to the outside as output `missing`' },
                          },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });
});
