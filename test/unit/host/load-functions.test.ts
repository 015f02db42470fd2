/** Functions from TypeScript files on disk: what is loaded, and what cannot be. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadFunctions, type FunctionSource } from '../../../src/host/load-functions.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const text = 'extern function f(): int from "./f.ts";';
const span = { file: { path: 'test.bloom', text }, start: 0, end: text.length };

function load(files: Readonly<Record<string, string>>, ...names: readonly string[]) {
  const folder = temporaryFolder(files);
  const sources = names.map((name): FunctionSource => {
    const [shown = '', exportName = ''] = name.split(':');
    return { name: exportName, exportName, file: join(folder, shown), shown, span };
  });
  return loadFunctions(sources);
}

describe('a file of functions', () => {
  it('is loaded once, with what it imports', async () => {
    const { value, diagnostics } = await load(
      {
        'f.ts': `import { step } from './step.js';
let calls = 0;
export function next(x: number): number { calls += 1; return x + step; }
export const called = (): number => calls;
`,
        'step.ts': 'export const step: number = 5;\n',
      },
      'f.ts:next',
      'f.ts:called',
    );
    expect(diagnostics).toEqual([]);
    expect(value.get('next')!(2)).toBe(7);
    expect(value.get('called')!()).toBe(1);
  });

  it.each([
    ['export function f( {', 'f.ts:f', /^f\.ts cannot be loaded: line 1: /],
    ['export function f() {}\nthrow new Error("no\\nway");', 'f.ts:f', /cannot be loaded: no$/],
    ['import "./gone.js"; export function f() {}', 'f.ts:f', /Could not resolve "\.\/gone\.js"/],
    ['export const f = 5;', 'f.ts:f', /^f\.ts exports no function `f`$/],
    ['export function f() {}', 'f.ts:g', /^f\.ts exports no function `g`$/],
    ['export function f() {}', 'g.ts:f', /^g\.ts cannot be loaded: /],
  ])('that is wrong is told: %j, %s', async (script, name, message) => {
    const { value, diagnostics } = await load({ 'f.ts': script }, name);
    expect(value.size).toBe(0);
    expect(diagnostics).toMatchObject([
      {
        code: 'TRL0812',
        severity: 'error',
        message: expect.stringMatching(message),
        primary: { span },
      },
    ]);
  });

  it('that cannot be loaded is told once, however many functions come from it', async () => {
    const { diagnostics } = await load({ 'f.ts': 'export function (' }, 'f.ts:f', 'f.ts:g');
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0812']);
  });
});
