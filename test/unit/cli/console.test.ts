import { afterEach, describe, expect, it, vi } from 'vitest';
import { CommandExit, useColor, wishColor } from '../../../src/cli/console.js';
import { nameList, probability, wholeNumber } from '../../../src/cli/options.js';

afterEach(() => {
  vi.unstubAllEnvs();
  process.stdout.isTTY = false;
});

describe('exit codes', () => {
  it('never come out as success for a code that is none', () => {
    const codes = [0, 7, 255, 256, 300, -1].map((code) => new CommandExit(code).exitCode);
    expect(codes).toEqual([0, 7, 255, 255, 255, 255]);
  });
});

describe('colour', () => {
  // In this order: what is wished for on the command line holds from then on.
  it('is for terminals, unless NO_COLOR is set', () => {
    vi.stubEnv('NO_COLOR', '');
    process.stdout.isTTY = true;
    expect(useColor('stdout')).toBe(true);
    process.stdout.isTTY = false;
    expect(useColor('stdout')).toBeFalsy();
    process.stdout.isTTY = true;
    vi.stubEnv('NO_COLOR', '1');
    expect(useColor('stdout')).toBe(false);
  });

  it('is as the command line says, whatever the terminal and NO_COLOR', () => {
    vi.stubEnv('NO_COLOR', '1');
    wishColor(true);
    expect(useColor('stdout')).toBe(true);
    vi.stubEnv('NO_COLOR', '');
    process.stdout.isTTY = true;
    wishColor(false);
    expect(useColor('stdout')).toBe(false);
  });
});

describe('values of options', () => {
  it('are lists of names, which add up', () => {
    expect(nameList('a, b')).toEqual(['a', 'b']);
    expect(nameList('c', ['a'])).toEqual(['a', 'c']);
    for (const text of ['', 'a,', ',']) expect(() => nameList(text)).toThrow('separated by commas');
  });

  it('are whole numbers within bounds', () => {
    const read = wholeNumber(1, 9);
    expect([read('1'), read('9')]).toEqual([1, 9]);
    for (const text of ['0', '10', '1.5', '1e0', '', ' 1', '0x1'])
      expect(() => read(text)).toThrow('from 1 to 9');
    expect(() => wholeNumber(0)('99999999999999999999')).toThrow('from 0');
  });

  it('are probabilities', () => {
    expect([probability('0'), probability('.5'), probability('1')]).toEqual([0, 0.5, 1]);
    for (const text of ['', ' ', '-0.1', '1.1', 'x', 'NaN'])
      expect(() => probability(text)).toThrow('from 0 to 1');
  });
});
