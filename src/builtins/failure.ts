/**
 * The ways in which a builtin can fail, one diagnostic code each, and the one limit on the size of
 * a value. The codes are explained in the table of diagnostics (area 08); functions throw
 * `PartialError`, and whoever evaluates the rule adds the rule and its bindings.
 */
import { PartialError } from './function.js';

/** Int `/` or `%` by zero. */
export const DIVISION_BY_ZERO = 'TRL0801';
/** An int beyond ±(2^53 − 1). */
export const INT_OVERFLOW = 'TRL0802';
/** An argument outside what the function is defined for. */
export const WRONG_ARGUMENT = 'TRL0803';
/** A string, list or other composite beyond the limits below. */
export const VALUE_TOO_LARGE = 'TRL0804';
/** A tuple that its producer had promised not to add. */
export const BROKEN_PROMISE = 'TRL0814';

/** How much one value may hold, all depths together: a unit a character, and some an element. */
export const MAX_VALUE_UNITS = 2 ** 24;
/** Characters that an element weighs, whatever it is; so one value holds about two million elements. */
export const ELEMENT_UNITS = 8;
/** How deep composite values may nest. */
export const MAX_VALUE_DEPTH = 64;

export function divisionByZero(symbol: string, dividend: string): PartialError {
  return new PartialError(DIVISION_BY_ZERO, `division by zero: ${dividend} ${symbol} 0`);
}
export function intOverflow(what: string): PartialError {
  return new PartialError(INT_OVERFLOW, `int overflow: ${what} lies beyond ±(2^53 − 1)`);
}
export function wrongArgument(message: string): PartialError {
  return new PartialError(WRONG_ARGUMENT, message);
}
export function valueTooLarge(message: string): PartialError {
  return new PartialError(VALUE_TOO_LARGE, message);
}
export function brokenPromise(message: string): PartialError {
  return new PartialError(BROKEN_PROMISE, message);
}
