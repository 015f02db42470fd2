/** Reports as effects of a node; what happens again and again is counted, and told now and then. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Failure } from '../evaluator/evaluator.js';
import type { NodeEffect } from './events.js';
import { isWorthReporting } from './node-reports.js';

export class Reporter {
  readonly #emit: (effect: NodeEffect) => void;
  readonly #countByLabel = new Map<string, number>();

  constructor(emit: (effect: NodeEffect) => void) {
    this.#emit = emit;
  }

  report(diagnostic: Diagnostic, about: { failure?: Failure; failedBatch?: boolean } = {}): void {
    const { failure = null, failedBatch = false } = about;
    this.#emit({ kind: 'report', diagnostic, failedBatch, failure });
  }

  /** Counts what has happened once more, and reports it the first time and then ever more rarely. */
  reportSome(label: string, diagnosticOf: (count: number) => Diagnostic): void {
    const count = (this.#countByLabel.get(label) ?? 0) + 1;
    this.#countByLabel.set(label, count);
    if (isWorthReporting(count)) this.report(diagnosticOf(count));
  }

  /** Reports it if nothing has been reported under this label. */
  reportOnce(label: string, diagnostic: Diagnostic): void {
    if (this.#countByLabel.has(label)) return;
    this.#countByLabel.set(label, 1);
    this.report(diagnostic);
  }
}
