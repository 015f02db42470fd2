/**
 * What the `coordinate` statements of a program ask for. `order` of a channel sends it through the
 * ordered log whether or not the analysis asks for that: a log is one of the schedules that an
 * asynchronous channel may have anyway, so it changes no meaning. (One log orders all keys, which
 * is more than an order by key promises.) `none` keeps the log away from a channel, and from what a
 * relation's own obligation or the blame of it would ask for. `seal` asks that whatever shows more than
 * it keeps because of a relation, or a relation itself, waits for a seal, a view as well as an output.
 */
import type { ObservableReport } from '../analysis/confluence-report.js';
import type { Program } from '../semantics/program.js';

export interface CoordinationWishes {
  /** Channels that go through the log in any case, sorted. */
  readonly ordered: readonly string[];
  /** Relations for which nothing is inserted. */
  readonly untouched: ReadonlySet<string>;
  /** Relations that are waited for, even where a view may take corrections. */
  readonly sealed: ReadonlySet<string>;
}

export function coordinationWishes({ remarks, relations }: Program): CoordinationWishes {
  const wishes = remarks.coordinations;
  const names = (mechanism: string): readonly string[] =>
    wishes.filter((wish) => wish.mechanism === mechanism).map(({ relation }) => relation);
  return {
    ordered: names('order')
      .filter((name) => relations.get(name)?.kind === 'channel')
      .sort(),
    untouched: new Set(names('none')),
    sealed: new Set(names('seal')),
  };
}

/** Why nothing is inserted for an observable; null if the program does not forbid it. */
export function forbiddenFor(
  { relation, mechanism, blame }: ObservableReport,
  { untouched }: CoordinationWishes,
): string | null {
  const concerned = [relation, mechanism.on, ...blame.map((each) => each.relation)];
  const named = concerned.find((name) => name !== null && untouched.has(name));
  return named === undefined || named === null ? null : forbidden(named);
}

/** The reason in words. */
export function forbidden(relation: string): string {
  return `\`coordinate ${relation} none\` keeps coordination away from it`;
}
