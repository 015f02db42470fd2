/** What is wrong with one file of facts, as diagnostics at their places; many errors are counted only. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Excerpts } from './excerpt.js';
import type { FactFile } from './read-bytes.js';

/** More errors of one file than this are only counted. */
const maxErrors = 20;

export class FileProblems {
  readonly #excerpts: Excerpts;
  readonly #shown: Diagnostic[] = [];
  #count = 0;

  constructor(file: FactFile) {
    this.#excerpts = new Excerpts(file);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** An error at the bytes from `start` to `end`. */
  add(start: number, end: number, message: string, help: string): void {
    this.#count += 1;
    if (this.#shown.length >= maxErrors) return;
    const primary = { span: this.#excerpts.span(start, end) };
    this.#shown.push({ code: 'TRL1002', severity: 'error', message, primary, help });
  }

  diagnostics(): readonly Diagnostic[] {
    const more = this.#count - this.#shown.length;
    const last = this.#shown.at(-1);
    if (more === 0 || last === undefined) return this.#shown;
    const notes = [`${more} more errors in this file`];
    return [...this.#shown.slice(0, -1), { ...last, notes }];
  }
}
