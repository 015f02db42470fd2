import { describe, expect, it } from 'vitest';
import { describeRaces } from '../../../src/analysis/describe-races.js';
import { analysisCodes } from '../../../src/diagnostics/codes/analysis.js';
import { compileSound } from '../../support/compile-text.js';
import { gossipReach, seatDesk } from './programs.js';

const racesOf = (text: string): ReturnType<typeof describeRaces> => {
  const { confluence, program } = compileSound(text);
  return describeRaces(confluence, program);
};
const codesOf = (text: string): readonly string[] => racesOf(text).map((d) => d.code);

describe('describeRaces', () => {
  it.each(analysisCodes.map((entry) => [entry.code, entry] as const))(
    '%s: the wrong program gets it, the right one nothing',
    (code, entry) => {
      expect(codesOf(entry.wrong ?? '')).toContain(code);
      expect(codesOf(entry.right ?? '')).toEqual([]);
    },
  );

  it.each([
    [
      'TRL0601',
      'warning',
      'input put(k: int, v: int); table kv(k: int => v: int); view p(k: int, v: int); kv(k, v)@next :- put(k, v); p(k, v) :- kv(k, v);',
    ],
    [
      'TRL0602',
      'warning',
      'input a(x: int); static s(x: int); table t(x: int); output p(x: int); t(x) :- a(x); p(x) :- s(x), notin t(x);',
    ],
    ['TRL0603', 'warning', seatDesk],
    [
      'TRL0604',
      'note',
      'input a(x: int); table t(x: int); view p(x: int); t(x) :- a(x); delete t(x) :- a(y), x = y + 1; p(x) :- t(x);',
    ],
  ])('gives %s as a %s', (code, severity, text) => {
    const found = racesOf(text).find((d) => d.code === code);
    expect(found?.severity).toBe(severity);
    expect(found?.help).toBeDefined();
  });

  it('points at the blamed literal and shows the path', () => {
    const [grant] = racesOf(seatDesk);
    expect(grant).toMatchObject({ code: 'TRL0603', severity: 'warning' });
    expect(grant?.primary?.text).toBe('keeps what was true of a set that was not complete');
    expect(grant?.notes?.[0]).toContain('ask -> todo -> win -> grant');
    const span = grant?.primary?.span;
    expect(span?.file.text.slice(span.start, span.end)).toBe('todo(i, s, _)');
  });

  it('has nothing to say of a program whose obligations are met', () => {
    expect(racesOf(gossipReach)).toEqual([]);
  });
});
