/**
 * Times as text and back. A time is an int: milliseconds since 1970-01-01T00:00:00Z, as `now(ms)` and
 * timers give it. Text is ISO 8601 in UTC, so that no time zone of a machine shows.
 */
import { intOf, shown, signature, stringOf } from './arguments.js';
import { wrongArgument } from './failure.js';
import type { BuiltinFunction } from './function.js';

/** What ECMAScript's calendar covers. */
const farthest = 8_640_000_000_000_000;

function dateOf(name: string, ms: number): Date {
  if (Math.abs(ms) > farthest)
    throw wrongArgument(`${name}(${ms}): further from 1970 than the calendar goes`);
  return new Date(ms);
}

const timeShape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

function parseTime(text: string): number {
  const parts = timeShape.exec(text.trim());
  const ms = parts === null ? Number.NaN : timeOf(parts);
  if (!Number.isSafeInteger(ms))
    throw wrongArgument(`parse_time(${shown(text)}): expects a time such as 2024-02-29T12:30:00Z`);
  return ms;
}

/** The milliseconds; NaN for a day or an hour that there is none of. */
function timeOf(parts: RegExpExecArray): number {
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) =>
    Number(parts[i] ?? 0),
  );
  const fraction = Number((parts[7] ?? '').padEnd(3, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day);
  const exists = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day!;
  if (!exists || hour! > 23 || minute! > 59 || second! > 59) return Number.NaN;
  const zone = parts[8] ?? 'Z';
  const offset =
    zone === 'Z'
      ? 0
      : (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * (zone[0] === '-' ? -1 : 1);
  return date.getTime() + ((hour! * 60 + minute! - offset) * 60 + second!) * 1000 + fraction;
}

function durationText(ms: number): string {
  const rest = Math.abs(ms);
  const units = [
    [Math.floor(rest / 3_600_000), 'h'],
    [Math.floor(rest / 60_000) % 60, 'm'],
    [Math.floor(rest / 1000) % 60, 's'],
    [rest % 1000, 'ms'],
  ] as const;
  const shownUnits = units.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return `${ms < 0 ? '-' : ''}${shownUnits.length === 0 ? '0ms' : shownUnits.join(' ')}`;
}

/** Times and durations. */
export const timeFunctions: readonly BuiltinFunction[] = [
  {
    name: 'format_time',
    signatures: [signature(['int'], 'string')],
    partial: true,
    method: true,
    summary: 'Milliseconds since 1970 as an ISO 8601 time in UTC.',
    evaluate: (ms) => dateOf('format_time', intOf('format_time', ms)).toISOString(),
  },
  {
    name: 'format_date',
    signatures: [signature(['int'], 'string')],
    partial: true,
    method: true,
    summary: 'The day of a time, in UTC.',
    evaluate: (ms) =>
      dateOf('format_date', intOf('format_date', ms)).toISOString().replace(/T.*$/, ''),
  },
  {
    name: 'format_duration',
    signatures: [signature(['int'], 'string')],
    partial: false,
    method: true,
    summary: 'Milliseconds in hours, minutes, seconds and milliseconds.',
    evaluate: (ms) => durationText(intOf('format_duration', ms)),
  },
  {
    name: 'parse_time',
    signatures: [signature(['string'], 'int')],
    partial: true,
    method: true,
    summary: 'The milliseconds since 1970 of an ISO 8601 time; UTC where no zone is given.',
    evaluate: (text) => parseTime(stringOf('parse_time', text)),
  },
];
