/**
 * What travels for cluster-wide relations, in words: which relation is spread by which columns, and
 * for each exchange what a tuple costs. Rows that one timestep sends to one node share a frame.
 */
import type { Json } from '../base/value-json.js';
import { lookupWaitsWhile } from './owner-lookups.js';
import type { OwnerLookup } from './owner-lookups.js';
import type { Exchange } from '../rewrite/exchange-report.js';
import { listPhrase } from './mechanism-words.js';
import type { MonotonicityReport } from './monotonicity-report.js';

/** Lines under the verdicts; none for a program without cluster-wide relations. */
export function clusterWideLines(report: MonotonicityReport): readonly string[] {
  const { clusterWide } = report;
  if (clusterWide === null) return [];
  const { relations, exchanges, lookups } = clusterWide;
  const spread = relations.map(
    ({ name, columns }) => `\`${name}\` partition by (${columns.join(', ')})`,
  );
  const lines = exchanges.map((exchange) => `  ${exchangeText(exchange, report.nodeCount)}\n`);
  const head = `cluster-wide: ${spread.join(', ')}\n`;
  const asked = lookups.map((lookup) => `  ${lookupText(lookup)}\n`);
  const travels = exchanges.length === 0 ? ['  nothing travels between nodes\n'] : lines;
  return [[head, ...travels, ...asked].join('')];
}

function exchangeText(exchange: Exchange, nodeCount: number | null): string {
  const { channel, kept, rules } = exchange;
  const wait = kept ? 'kept there' : exchange.what === 'derived' ? 'for its owner' : 'in passing';
  return `${channel}: ${whatText(exchange)}, ${costText(exchange, nodeCount)}, ${wait}; for ${listPhrase([...rules])}`;
}

function lookupText({ rule, static: asked, onTo }: OwnerLookup): string {
  const cost = onTo === null ? '1 message delay and message' : '2 message delays and messages';
  const on = onTo === null ? '' : `, there and on to the owner in \`${onTo}\``;
  return `\`${rule}\` asks the owners of \`${asked}\` what is not in it: ${cost} a question${on}; waits while ${lookupWaitsWhile}`;
}

function whatText({ what, of, by }: Exchange): string {
  const where =
    by === null ? 'to every node' : by.length === 0 ? 'to one node' : `by ${listPhrase(by)}`;
  switch (what) {
    case 'tuples':
      return `tuples of \`${of}\` ${where}`;
    case 'bindings':
      return `what a part of the body binds, ${where}`;
    case 'derived':
      return `what is derived for \`${of}\`, ${where}`;
  }
}

function costText({ by }: Exchange, nodeCount: number | null): string {
  if (by !== null) return 'one message a tuple';
  return nodeCount === null ? 'one message a tuple and node' : `${nodeCount} messages a tuple`;
}

/** The same for programs. */
export function clusterWideJson({ clusterWide }: MonotonicityReport): Record<string, Json> {
  if (clusterWide === null) return {};
  const { relations, exchanges, lookups } = clusterWide;
  return {
    clusterWide: {
      relations: relations.map(({ name, columns }) => ({ name, columns: [...columns] })),
      exchanges: exchanges.map(({ rules, by, ...exchange }) => ({
        ...exchange,
        by: by === null ? null : [...by],
        rules: [...rules],
      })),
      lookups: lookups.map(({ rule, static: asked, delays }) => ({
        rule,
        static: asked,
        provider: 'owner',
        delays,
        messages: delays,
        messagesPer: 'lookup',
        waitsWhile: lookupWaitsWhile,
      })),
    },
  };
}
