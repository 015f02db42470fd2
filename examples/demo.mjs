// The demonstration: the three examples, one after the other, with every claim checked. Exits with 1
// if one of them does not hold.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { launchCluster, rowText } from '../dist/src/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const script = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const patienceMs = 20_000;
const failures = [];

function heading(text) {
  console.log(`\n== ${text}\n`);
}

function check(claim, holds) {
  console.log(`${holds ? 'ok    ' : 'FAILED'}  ${claim}`);
  if (!holds) failures.push(claim);
}

/** Runs a command as a user would and shows what it prints. */
function trellis(...words) {
  console.log(`$ trellis ${words.join(' ')}`);
  execFileSync(process.execPath, [script, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** A cluster of local processes that remembers what its nodes showed. */
class Watched {
  shown = new Map();
  releases = new Map();
  applied = new Map();
  stats = new Map();
  leader = null;
  #wake = [];

  static async launch(folder, names, ...more) {
    const watched = new Watched();
    watched.names = names;
    const words = (name) => ['node', folder, '--name', name, ...more];
    watched.cluster = await launchCluster({
      script,
      argumentsByNode: new Map(names.map((name) => [name, words(name)])),
      onEvent: (node, event) => watched.#take(node, event),
    });
    return watched;
  }

  #take(node, event) {
    if (event.kind === 'observe') {
      const key = `${node} ${event.relation}`;
      const rows = this.shown.get(key) ?? new Set();
      this.shown.set(key, rows);
      for (const row of event.removed) rows.delete(rowText(event.relation, row));
      for (const row of event.added) {
        const text = rowText(event.relation, row);
        rows.add(text);
        const release = `${node} ${text}`;
        this.releases.set(release, (this.releases.get(release) ?? 0) + 1);
      }
    } else if (event.kind === 'log-role' && event.role === 'leader') this.leader = node;
    else if (event.kind === 'log-applied')
      this.applied.set(node, (this.applied.get(node) ?? 0) + 1);
    else if (event.kind === 'stats') this.stats.set(node, event);
    for (const wake of this.#wake.splice(0)) wake();
  }

  rows(node, relation) {
    return [...(this.shown.get(`${node} ${relation}`) ?? [])].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Waits until a condition over what has been seen holds; false if it never does. */
  async until(condition) {
    const deadline = Date.now() + patienceMs;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  /** Stops all nodes; the coordination messages that the living ones sent. */
  async stop() {
    await this.cluster.stop();
    return [...this.stats.values()].reduce(
      (sum, { coordinationMessages }) => sum + coordinationMessages,
      0,
    );
  }
}

const same = (lists) => lists.every((list) => JSON.stringify(list) === JSON.stringify(lists[0]));

heading('1. Rules over a real lockfile');
execFileSync(process.execPath, [
  fileURLToPath(new URL('package-graph/make-facts.mjs', import.meta.url)),
]);
trellis('run', 'examples/package-graph', '--print', 'weight,duplicated,most_reached,cyclic');

heading('2. What needs coordination, and what does not');
trellis('report', 'examples/seat-desk');
trellis('report', 'examples/gossip-reach');

heading('3. gossip-reach on three processes under random delays');
const gossip = await Watched.launch(
  'examples/gossip-reach',
  ['n1', 'n2', 'n3'],
  '--delay-ms',
  '40',
  '--seed',
  '7',
);
const everything = 4 * 5;
const complete = await gossip.until(() =>
  gossip.names.every((name) => gossip.rows(name, 'reach').length >= everything),
);
const gossipMessages = await gossip.stop();
check('every node knows all of what reaches what', complete);
check('all nodes agree', same(gossip.names.map((name) => gossip.rows(name, 'reach'))));
check('no coordination message was sent', gossipMessages === 0);

heading('4. seat-desk on three processes; the leader of the log is killed');
const desks = await Watched.launch(
  'examples/seat-desk',
  ['ann', 'bob', 'cyd'],
  '--delay-ms',
  '15',
  '--seed',
  '11',
);
const seats = ['1A', '1B', '1C', '2A', '2B', '2C'];
const asked = new Map();
let nextId = 1;
function ask(node, seat) {
  const id = nextId++;
  asked.set(id, { node, seat });
  desks.cluster.insert(node, 'wish', [[id, `guest ${id} at ${node}`, seat]]);
}
for (const seat of seats.slice(0, 3)) for (const node of desks.names) ask(node, seat);
// The event that triggers the crash: the leader itself has applied its first three decided entries.
check(
  'a leader decides the first entries',
  await desks.until(() => desks.leader !== null && (desks.applied.get(desks.leader) ?? 0) >= 3),
);
const killed = desks.leader;
desks.cluster.kill(killed);
console.log(`        ${killed} led the log and is gone`);
const survivors = desks.names.filter((name) => name !== killed);
const grantsBefore = Math.max(...survivors.map((name) => desks.rows(name, 'grant').length));
for (const seat of seats.slice(3)) for (const node of survivors) ask(node, seat);
const expected = [...asked].filter(([, { node }]) => survivors.includes(node));
const replies = (node, id) =>
  desks.rows(node, 'reply').filter((text) => text.startsWith(`reply(${id},`));
const answered = await desks.until(
  () =>
    expected.every(([id, { node }]) => replies(node, id).length > 0) &&
    survivors.every((name) =>
      seats
        .slice(3)
        .every((seat) => desks.rows(name, 'grant').some((text) => text.includes(`"${seat}"`))),
    ),
);
await desks.until(() => same(survivors.map((name) => desks.rows(name, 'grant'))));
const seatMessages = await desks.stop();
const grants = survivors.map((name) => desks.rows(name, 'grant'));
const sold = grants[0].map((text) => /"([^"]+)"/.exec(text)[1]);
check('every ask made at a survivor is answered', answered);
check(
  'exactly once',
  expected.every(
    ([id, { node }]) =>
      replies(node, id).length === 1 && desks.releases.get(`${node} ${replies(node, id)[0]}`) === 1,
  ),
);
check(
  'grants followed under a new leader',
  grants[0].length > grantsBefore && desks.leader !== killed,
);
check('the survivors granted the same', same(grants));
check('no seat is sold twice', new Set(sold).size === sold.length);
check('the log was used', seatMessages > 0);
console.log(`\n${grants[0].map((text) => `        ${text}`).join('\n')}`);

heading('Coordination messages');
console.log(`gossip-reach  ${gossipMessages}`);
console.log(`seat-desk     ${seatMessages} (sent by the survivors)`);
if (failures.length > 0) {
  console.log(`\n${failures.length} claims did not hold`);
  process.exitCode = 1;
}
