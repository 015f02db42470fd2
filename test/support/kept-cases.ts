/**
 * Cases of the comparison of the two evaluators as files: a program, and before it, in comments, a
 * line a timestep. `npm run fuzz:engine` writes what it finds in this form into
 * test/fuzz/regressions, and a test runs what is there.
 *
 *     // step {"boot":true,"twice":false,"events":{"i":[[1,"a"]]}}
 *     input i(c0: any, c1: any);
 *     ...
 */
import { decodeRow, encodeRow } from '../../src/base/value-json.js';
import type { ComparedStep } from './compare-evaluators.js';

export interface KeptCase {
  readonly text: string;
  readonly steps: readonly ComparedStep[];
}

/** `remarks` stand above all, each on a comment line of its own. */
export function keptCaseText({ text, steps }: KeptCase, remarks: readonly string[]): string {
  const lines = [...remarks.map((remark) => `// ${remark}`), ...steps.map(stepLine)];
  return `${lines.join('\n')}\n${text}\n`;
}

function stepLine({ events, boot = false, twice = false, restart }: ComparedStep): string {
  const encoded = Object.entries(events).map(([name, rows]) => [name, rows.map(encodeRow)]);
  const how = restart === true ? { boot, twice, restart } : { boot, twice };
  const json = JSON.stringify({ ...how, events: Object.fromEntries(encoded) as unknown });
  // Some of the characters that JSON leaves as they are end a line.
  const escaped = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `// step ${escaped}`;
}

export function readKeptCase(text: string): KeptCase {
  const steps = [...text.matchAll(/^\/\/ step (.*)$/gm)].map(([, json]) => readStep(json!));
  return { text, steps };
}

function readStep(json: string): ComparedStep {
  const step = JSON.parse(json) as ComparedStep;
  const events = Object.entries(step.events).map(([name, rows]) => {
    const decoded = rows.map((row) => {
      const values = decodeRow(row);
      if (values === undefined) throw new Error(`no row: ${JSON.stringify(row)}`);
      return values;
    });
    return [name, decoded] as const;
  });
  return { ...step, events: Object.fromEntries(events) };
}
