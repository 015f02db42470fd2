/** The failure of a merge of stored or derived tuples, which no rule alone is to blame for. */
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { PartialError } from '../builtins/function.js';
import type { Relation } from '../semantics/program.js';
import { writtenName, writtenText } from '../semantics/written-name.js';
import { TimestepFailure } from './failure.js';

/** The lattice values of two tuples did not merge. */
export function reportMerge(
  relation: Relation,
  { code, message }: PartialError,
  rows: readonly [Row, Row],
): TimestepFailure {
  const tuples = rows.map((row) => {
    const text = rowText(writtenName(relation), row);
    return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
  });
  return new TimestepFailure(
    {
      code,
      severity: 'error',
      message: `${message}, where two tuples of ${writtenText(relation)} are merged`,
      primary: { span: relation.span, text: 'declared here' },
      notes: [
        `the tuples are ${tuples.join(' and ')}`,
        'the timestep was undone; nothing of it was stored or released',
      ],
      help: 'mend the lattice; `checkLattice` tries its laws',
    },
    false,
  );
}
