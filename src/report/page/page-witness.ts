/** The two schedules of a witness, beside each other as space-time diagrams, each with its outcome below. */
import { rowText } from '../../base/value-text.js';
import type { Row } from '../../base/value.js';
import type { Program } from '../../semantics/program.js';
import { tag } from '../../viz/markup.js';
import type { Markup } from '../../viz/markup.js';
import { huesOf, renderSpaceTimeSvg } from '../../viz/space-time-svg.js';
import type { Witness } from '../monotonicity-report.js';
import { spaceTimeOfRun } from '../space-time-of-run.js';
import { witnessTitle } from '../witness-text.js';

/** Rows listed of an outcome. */
const mostRows = 30;

export function witnessSection(program: Program, relation: string, witness: Witness): Markup {
  const { divergence, outcomes, file, compared } = witness;
  const diagrams = [divergence.a, divergence.b].map((run) => spaceTimeOfRun(program, run));
  const hues = huesOf(diagrams);
  const names = ['First schedule', 'Second schedule'] as const;
  const runs = diagrams.map((diagram, i) => {
    const title = `${names[i]}: ${diagram.steps.length} timesteps at ${diagram.nodes.length} nodes`;
    const [own, other] = i === 0 ? outcomes : [outcomes[1], outcomes[0]];
    return tag(
      'div',
      { class: 'run panel' },
      tag('h4', {}, names[i]!),
      tag('div', { class: 'scroll', tabindex: 0 }, renderSpaceTimeSvg(diagram, hues, title)),
      i === 0 && divergence.disagreement !== null
        ? replicasOutcome(relation, divergence.disagreement)
        : outcomeList(
            `${relation} ${compared === 'ever' ? 'ever shown' : 'in the end'}`,
            relation,
            own,
            other,
          ),
    );
  });
  return tag(
    'section',
    { class: 'witness' },
    tag('h3', {}, 'Witness: ', witnessTitle(witness)),
    tag(
      'p',
      { class: 'hint' },
      'A line for each node, time runs down. A dot is a timestep; beside it what it takes, then in bold what it shows. Like colours are like contents.',
    ),
    tag('div', { class: 'pair' }, runs),
    file === null ? [] : tag('p', {}, 'Written to ', tag('code', {}, file), '.'),
  );
}

function replicasOutcome(
  relation: string,
  { nodes, contents }: NonNullable<Witness['divergence']['disagreement']>,
): Markup {
  return tag(
    'div',
    {},
    outcomeList(`${relation} at ${nodes[0]}`, relation, contents[0], contents[1]),
    outcomeList(`${relation} at ${nodes[1]}`, relation, contents[1], contents[0]),
  );
}

function outcomeList(
  title: string,
  relation: string,
  own: readonly Row[],
  other: readonly Row[],
): Markup {
  const known = new Set(other.map((row) => rowText(relation, row)));
  const texts = own.map((row) => rowText(relation, row));
  const items = texts
    .slice(0, mostRows)
    .map((text) => tag('li', { class: known.has(text) ? 'common' : 'own' }, text));
  const rest = texts.length - mostRows;
  return tag(
    'div',
    { class: 'outcome' },
    tag('strong', {}, title),
    tag(
      'ul',
      {},
      items.length === 0 ? tag('li', { class: 'own' }, '(nothing)') : items,
      rest > 0 ? tag('li', {}, `… ${rest} more`) : [],
    ),
  );
}
