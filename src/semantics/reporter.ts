/**
 * Where the passes of the checker leave what they have to say. One run reports every error, so a
 * pass never stops at the first; what it could not make sense of it passes on as poison (a type
 * `unknown`, an atom without relation), and nobody complains about poison.
 *
 * Looking for the nearest name is the one costly part of an error; a file with ten thousand
 * misspelt names gets suggestions for the first few hundred only.
 */
import type { Span } from '../base/span.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import type { Diagnostic, Fix, Label, Severity } from '../diagnostics/diagnostic.js';

const MAX_SUGGESTIONS = 300;

/** What may stand beside the message of a diagnostic. */
export interface Details {
  /** The label at the primary place. */
  readonly text?: string;
  readonly secondary?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: string | null;
  readonly fixes?: readonly Fix[];
}

/** Collects the diagnostics of one run. */
export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #poisoned = new Set<string>();
  readonly #isMute: boolean;
  #suggestionsLeft: number;

  /** A mute reporter forgets what it is told: for typing that another pass will repeat aloud. */
  constructor(mode: 'aloud' | 'mute' = 'aloud') {
    this.#isMute = mode === 'mute';
    this.#suggestionsLeft = this.#isMute ? 0 : MAX_SUGGESTIONS;
  }

  error(code: string, span: Span | null, message: string, details: Details = {}): void {
    this.#add('error', code, span, message, details);
  }

  warning(code: string, span: Span, message: string, details: Details = {}): void {
    this.#add('warning', code, span, message, details);
  }

  /**
   * The nearest known name, or null; null also once too many have been asked for. Of a single letter
   * only the other case is near.
   */
  nearest(name: string, known: Iterable<string>): string | null {
    if (this.#suggestionsLeft <= 0) return null;
    this.#suggestionsLeft -= 1;
    if (name.length > 1) return didYouMean(name, known);
    const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    for (const each of known) if (each === other && other !== name) return other;
    return null;
  }

  /** Help and fix that replace a misspelt name by the nearest known one; empty where none is near. */
  suggestion(name: string, span: Span, known: Iterable<string>): Pick<Details, 'help' | 'fixes'> {
    const nearest = this.nearest(name, known);
    if (nearest === null) return {};
    return {
      help: `did you mean \`${nearest}\`?`,
      fixes: [{ title: `write \`${nearest}\``, edits: [{ span, text: nearest }] }],
    };
  }

  hasErrors(): boolean {
    return this.#diagnostics.some((d) => d.severity === 'error');
  }

  /**
   * Everything reported, by place in the text; what has no place comes first. What was said twice
   * (a head is typed against each alternative of its body) comes once.
   */
  finish(): readonly Diagnostic[] {
    const start = (d: Diagnostic): number => d.primary?.span.start ?? -1;
    const distinct = new Map<string, Diagnostic>();
    for (const d of this.#diagnostics) {
      const file = d.primary?.span.file.path ?? '';
      const key = `${file} ${start(d)} ${d.primary?.span.end ?? -1} ${d.code} ${withoutInstances(d.message)}`;
      if (!distinct.has(key)) distinct.set(key, d);
    }
    return [...distinct.values()].sort(
      (a, b) => start(a) - start(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    );
  }

  /** Marks a name of which something is told already: what follows from it is not worth telling too. */
  poison(name: string): void {
    this.#poisoned.add(name);
  }

  isPoison(name: string): boolean {
    return this.#poisoned.has(name);
  }

  /** Takes over what another run found. */
  adopt(diagnostics: readonly Diagnostic[]): void {
    if (!this.#isMute) this.#diagnostics.push(...diagnostics);
  }

  #add(
    severity: Severity,
    code: string,
    span: Span | null,
    message: string,
    details: Details,
  ): void {
    if (this.#isMute) return;
    const { text, secondary, notes, help, fixes } = details;
    this.#diagnostics.push({
      code,
      severity,
      message,
      ...(span !== null && { primary: { span, ...(text !== undefined && { text }) } }),
      ...(secondary !== undefined && { secondary }),
      ...(notes !== undefined && { notes }),
      ...(help !== undefined && help !== null && { help }),
      ...(fixes !== undefined && { fixes }),
    });
  }
}

/** The message as every instance of one module gives it: names without what stands before the dot. */
function withoutInstances(message: string): string {
  return message.replace(/`(?:\w+\.)+(?=\w)/g, '`');
}
