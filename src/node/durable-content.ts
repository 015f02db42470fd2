/** Which batches go through durable channels. A batch is never torn: one tuple takes the others with it. */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { NodeProgram } from './configuration.js';

/** Tells whether a batch holds tuples of durable channels, so that it is applied exactly once. */
export function durableTest({
  durable,
}: Pick<NodeProgram, 'durable'>): (content: readonly RelationRows[]) => boolean {
  const channels = new Set(durable.flatMap(({ name, kind }) => (kind === 'channel' ? [name] : [])));
  if (channels.size === 0) return () => false;
  return (content) => content.some(({ relation }) => channels.has(relation));
}

/** Whether anything goes through durable channels. */
export function hasDurableChannels({ durable }: Pick<NodeProgram, 'durable'>): boolean {
  return durable.some(({ kind }) => kind === 'channel');
}
