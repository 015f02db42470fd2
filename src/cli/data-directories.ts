/** Where nodes keep what is durable, and which programs may not run without that, or with it. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { pathInFolder, type Target } from '../files/load-target.js';
import type { Prepared } from './prepare.js';

/** The data directory that the cluster file gives a node; null for none. */
export function dataOfCluster({ cluster, folder }: Target, node: string): string | null {
  const data = cluster?.nodes.find(({ name }) => name === node)?.data ?? null;
  return data === null ? null : pathInFolder(folder, data);
}

/** An error if the program has something durable and these nodes have nowhere to keep it. */
export function missingData(
  { compiled, nodeProgram: { durable } }: Prepared,
  without: readonly string[],
): readonly Diagnostic[] {
  const [first] = durable;
  const [node] = without;
  if (first === undefined || node === undefined) return [];
  const relation = compiled.program.relations.get(first.name);
  const who = without.length === 1 ? `node ${node} has` : `nodes ${without.join(', ')} have`;
  return [
    {
      code: 'TRL1017',
      severity: 'error',
      message: `\`${first.name}\` is durable, and ${who} no data directory to keep it in`,
      ...(relation === undefined ? {} : { primary: { span: relation.span } }),
      help: `give one: \`--data DIR\` with \`trellis node\`, or \`data = "data/${node}"\` under \`[nodes.${node}]\` in the cluster file`,
    },
  ];
}
