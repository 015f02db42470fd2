/** What comes from the wire is read whole or not at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  logMessageKinds,
  parseLogMessage,
  startLog,
  stepLog,
  type LogMessage,
} from '../../../src/coordination/ordered-log.js';

const ballot = { round: 2, member: 'b' };
const entry = { id: 'a.1.0', sender: 'a', payload: { rows: [[1, 'x', null]] } };
const incarnation = 'a#1';

const samples: readonly LogMessage[] = [
  { kind: 'join', incarnation },
  { kind: 'joined', registered: 'b#1', incarnation },
  { kind: 'stranger', refused: 'b#2', incarnation },
  { kind: 'forward', next: 0, entries: [entry], incarnation },
  { kind: 'prepare', ballot, next: 3, incarnation },
  {
    kind: 'promise',
    ballot,
    next: 3,
    accepted: [
      { slot: 4, ballot, entry },
      { slot: 3, ballot, entry: null },
    ],
    incarnation,
  },
  { kind: 'refuse', ballot, promised: ballot, incarnation },
  { kind: 'accept', ballot, slot: 0, entry, incarnation },
  { kind: 'accept', ballot, slot: 1, entry: null, incarnation },
  { kind: 'accepted', ballot, slot: 7, incarnation },
  { kind: 'decisions', ballot, from: 0, entries: [entry, null], next: 2, incarnation },
  { kind: 'decisions', ballot: null, from: 5, entries: [], next: 5, incarnation },
  { kind: 'catch-up', from: 9, incarnation },
];

type Path = readonly (string | number)[];

/**
 * The paths to all fields and items of a message, but nothing within a payload, which is opaque.
 */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...keys].flatMap((key) => {
    const inner = (value as Record<string | number, unknown>)[key];
    return key === 'payload' ? [] : [[...path, key], ...pathsIn(inner, [...path, key])];
  });
}

function withChange(
  message: LogMessage,
  path: Path,
  change: (owner: never, key: never) => void,
): unknown {
  const copy: unknown = structuredClone(message);
  let owner = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) owner = owner[key] as Record<string | number, unknown>;
  change(owner as never, path.at(-1) as never);
  return copy;
}

describe('parseLogMessage', () => {
  it('knows every kind', () => {
    expect([...new Set(samples.map(({ kind }) => kind))].sort()).toEqual(logMessageKinds);
  });

  it('reads back what a node writes, through JSON', () => {
    for (const message of samples) {
      expect(parseLogMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
    }
  });

  it('drops fields that it does not know', () => {
    const message = { ...samples[0]!, surplus: 1, ballot };
    expect(parseLogMessage(message)).toEqual(samples[0]);
  });

  it('refuses a message that lacks any of its fields', () => {
    for (const message of samples) {
      for (const path of pathsIn(message)) {
        if (typeof path.at(-1) === 'number') continue;
        const broken = withChange(message, path, (owner: Record<string, unknown>, key: string) => {
          Reflect.deleteProperty(owner, key);
        });
        expect(parseLogMessage(broken), JSON.stringify(broken)).toBeNull();
      }
    }
  });

  it('refuses a wrong value in any of its fields', () => {
    const wrong: readonly unknown[] = [
      undefined,
      true,
      '',
      -1,
      0.5,
      Number.NaN,
      2 ** 53,
      {},
      [[]],
      [0],
    ];
    for (const message of samples) {
      for (const path of pathsIn(message)) {
        for (const value of wrong) {
          const broken = withChange(
            message,
            path,
            (owner: Record<string, unknown>, key: string) => {
              owner[key] = value;
            },
          );
          expect(parseLogMessage(broken), JSON.stringify(broken)).toBeNull();
        }
      }
    }
  });

  it('refuses an end of decisions before its last entry, round 0, and an entry without payload', () => {
    const bad: readonly unknown[] = [
      { kind: 'decisions', ballot, from: 1, entries: [null, null], next: 2, incarnation },
      { kind: 'prepare', ballot: { round: 0, member: 'b' }, next: 0, incarnation },
      { kind: 'accept', ballot, slot: 0, entry: { id: 'a.1', sender: 'a' }, incarnation },
      { kind: 'toString', incarnation },
      { kind: '__proto__', incarnation },
    ];
    for (const message of bad) expect(parseLogMessage(message)).toBeNull();
  });

  it('reads minus zero as slot 0', () => {
    const parsed = parseLogMessage({ kind: 'catch-up', from: -0, incarnation });
    expect(Object.is(parsed?.kind === 'catch-up' && parsed.from, 0)).toBe(true);
  });

  it('never throws, and a node survives all that it lets through', () => {
    const scalar = fc.oneof(
      fc.constantFrom<unknown>(
        ...logMessageKinds,
        'a',
        'b',
        'c',
        '',
        null,
        ballot,
        entry,
        [],
        [entry],
        [null],
      ),
      fc.nat({ max: 5 }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const fields = [
      'kind',
      'incarnation',
      'ballot',
      'slot',
      'next',
      'from',
      'entries',
      'entry',
      'accepted',
    ];
    const record = (keys: readonly string[]): fc.Arbitrary<unknown> =>
      fc.record(Object.fromEntries(keys.map((key) => [key, scalar])), { requiredKeys: [] });
    const corrupted = fc
      .tuple(fc.constantFrom(...samples), record(fields.slice(2)))
      .map(([message, change]) => ({ ...message, ...(change as object) }));
    const data = fc.oneof(fc.jsonValue(), scalar, record(fields), corrupted);
    const start = startLog({
      self: 'a',
      incarnation: 'a#1',
      members: ['a', 'b', 'c'],
      nodes: ['a', 'b', 'c', 'w'],
      timing: { retryMs: 100, catchUpMs: 20 },
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('b', 'c', 'w'), data), { maxLength: 8 }),
        (feed) => {
          let state = start;
          for (const [from, item] of feed) {
            const message = parseLogMessage(item);
            if (message !== null) state = stepLog(state, { kind: 'message', from, message }).state;
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
