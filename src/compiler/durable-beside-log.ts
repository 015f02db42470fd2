/** Programs that ask for something durable and need an ordered log, whose members forget. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { CompiledProgram } from './compile-source.js';

/** An error for whoever would start a node of the program with a data directory; empty if that is fine. */
export function durableBesideLog({
  coordinated,
  program,
  plan,
}: Pick<CompiledProgram, 'coordinated' | 'program' | 'plan'>): readonly Diagnostic[] {
  const durable = [...coordinated.relations.values()].filter((relation) => relation.durable);
  const [first] = durable.map(({ name }) => name).sort();
  if (first === undefined || plan.orderedLog === null) return [];
  const channels = [...plan.orderedLog.channels].sort().map((name) => `\`${name}\``);
  const span = (program.relations.get(first) ?? coordinated.relations.get(first))!.span;
  return [
    {
      code: 'TRL0876',
      severity: 'error',
      message: `\`${first}\` is durable, and the ordered log of ${channels.join(', ')} is not: after a restart it would be applied twice`,
      primary: { span },
      help: 'leave `durable` out, or run without the log: `--coordinate none`; the report says what that costs',
    },
  ];
}
