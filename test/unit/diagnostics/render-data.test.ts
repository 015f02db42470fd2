/** Diagnostics as data: JSON for programs, SARIF for code hosts and editors. */
import { describe, expect, it } from 'vitest';

import { version } from '../../../src/base/version.js';
import { syntaxCodes } from '../../../src/diagnostics/codes/syntax.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { renderJson } from '../../../src/diagnostics/render-json.js';
import { renderSarif } from '../../../src/diagnostics/render-sarif.js';

const file = { path: 'dir with blank/ä.bloom', text: 'p(1)\nq(2).\n' };
const full: Diagnostic = {
  code: 'TRL0119',
  severity: 'error',
  message: 'a statement does not end with a dot',
  primary: { span: { file, start: 9, end: 10 }, text: 'here' },
  secondary: [{ span: { file, start: 0, end: 1 } }],
  notes: ['a note'],
  help: 'end it with `;`',
  fixes: [{ title: 'write `;`', edits: [{ span: { file, start: 9, end: 10 }, text: ';' }] }],
  trails: [
    [{ span: { file, start: 0, end: 1 }, text: 'from' }, { span: { file, start: 9, end: 10 } }],
  ],
};
const bare: Diagnostic = { code: 'TRL1001', severity: 'warning', message: 'odd' };
const place = { file: file.path, start: { line: 2, column: 5 }, end: { line: 2, column: 6 } };
const firstPlace = {
  file: file.path,
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
};

describe('JSON', () => {
  it('has every field, sorted, and survives serialisation', () => {
    const rendered = renderJson([full, bare]);
    expect(JSON.parse(JSON.stringify(rendered))).toEqual(rendered);
    expect(rendered).toEqual([
      {
        code: 'TRL1001',
        severity: 'warning',
        message: 'odd',
        file: null,
        start: null,
        end: null,
        labels: [],
        notes: [],
        help: null,
        fixes: [],
        trails: [],
      },
      {
        code: 'TRL0119',
        severity: 'error',
        message: 'a statement does not end with a dot',
        ...place,
        labels: [
          { ...place, primary: true, text: 'here' },
          { ...firstPlace, primary: false, text: null },
        ],
        notes: ['a note'],
        help: 'end it with `;`',
        fixes: [{ title: 'write `;`', edits: [{ ...place, text: ';' }] }],
        trails: [
          [
            { ...firstPlace, text: 'from' },
            { ...place, text: null },
          ],
        ],
      },
    ]);
  });
});

describe('SARIF', () => {
  const uri = 'dir%20with%20blank/%C3%A4.bloom';
  const region = { startLine: 2, startColumn: 5, endLine: 2, endColumn: 6 };
  const firstRegion = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

  it('has the rules that occur and a result each', () => {
    expect(renderSarif([full, bare], syntaxCodes)).toEqual({
      $schema: expect.stringContaining('sarif-schema-2.1.0.json'),
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'trellis',
              version,
              rules: [
                {
                  id: 'TRL0119',
                  shortDescription: { text: 'a statement that ends in a dot' },
                  fullDescription: { text: expect.stringContaining('Prolog') },
                },
                { id: 'TRL1001' },
              ],
            },
          },
          columnKind: 'utf16CodeUnits',
          results: [
            { ruleId: 'TRL1001', ruleIndex: 1, level: 'warning', message: { text: 'odd' } },
            {
              ruleId: 'TRL0119',
              ruleIndex: 0,
              level: 'error',
              message: {
                text: 'a statement does not end with a dot\na note\nhelp: end it with `;`',
              },
              locations: [
                {
                  physicalLocation: { artifactLocation: { uri }, region },
                  message: { text: 'here' },
                },
              ],
              relatedLocations: [
                {
                  id: 1,
                  physicalLocation: {
                    artifactLocation: { uri },
                    region: firstRegion,
                  },
                },
              ],
              codeFlows: [
                {
                  threadFlows: [
                    {
                      locations: [
                        {
                          executionOrder: 1,
                          location: {
                            physicalLocation: { artifactLocation: { uri }, region: firstRegion },
                            message: { text: 'from' },
                          },
                        },
                        {
                          executionOrder: 2,
                          location: {
                            physicalLocation: { artifactLocation: { uri }, region },
                          },
                        },
                      ],
                    },
                  ],
                },
              ],
              fixes: [
                {
                  description: { text: 'write `;`' },
                  artifactChanges: [
                    {
                      artifactLocation: { uri },
                      replacements: [{ deletedRegion: region, insertedContent: { text: ';' } }],
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

  it.each([
    ['C:\\x\\a b.bloom', 'file:///C:/x/a%20b.bloom'],
    ['/x/a#b.bloom', 'file:///x/a%23b.bloom'],
    ['./x/a.bloom', './x/a.bloom'],
    ['\ud800.bloom', '%EF%BF%BD.bloom'],
  ])('names %s as %s', (path, uriText) => {
    const diagnostic = {
      ...bare,
      primary: { span: { file: { path, text: '' }, start: 0, end: 0 } },
    };
    expect(JSON.stringify(renderSarif([diagnostic], []))).toContain(`"uri":"${uriText}"`);
  });
});
