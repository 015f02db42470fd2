/** Codes of area 10: the command line, cluster files, fact and input files. */
import type { CodeEntry } from '../code-entry.js';

/** These speak of files beside the program, so no program text can show them. */
function entry(code: string, title: string, explanation: string): CodeEntry {
  return { code, title, explanation, wrong: null, right: null };
}

export const configurationCodes: readonly CodeEntry[] = [
  entry(
    'TRL1001',
    'a file cannot be read',
    'The file is missing, is a folder, may not be read, or does not hold UTF-8 text. Programs, cluster files and fact files are UTF-8.',
  ),
  entry(
    'TRL1002',
    'a row does not fit its relation',
    "Each row of a fact file has one cell a column, and each cell a value of the column's type: ints are whole numbers within ±(2^53−1), bools are `true` or `false`, composite values are JSON. If any row of a file is wrong, none of its rows is loaded.",
  ),
  entry(
    'TRL1003',
    'a cluster file is not TOML',
    'A cluster file is written in TOML 1.0; the message says what the parser stumbled over, and the mark where.',
  ),
  entry(
    'TRL1004',
    'a key of the cluster file is wrong',
    'A cluster file has `program`, one `[nodes.NAME]` for each node (with `listen`, `data` and `[nodes.NAME.static]`), and may have `[params]`, `[static]`, `[coordination]` with `members`, and `[workload]` with `facts` and `input`. Unknown keys are errors, so that a misspelt one is never ignored.',
  ),
  entry(
    'TRL1005',
    'the members of the ordered log are wrong',
    '`coordination.members` lists the nodes that vote in the ordered log, each once; every one must be a node of the cluster. A majority of them decides.',
  ),
  entry(
    'TRL1006',
    'a folder without a cluster file',
    'Where a command takes a program it also takes a cluster file, or a folder that holds a `cluster.toml`.',
  ),
  entry(
    'TRL1007',
    'a static of the cluster file is wrong',
    "A static in `[static]` is a list of rows, each with one value for every column of its relation and of the column's type.",
  ),
  entry(
    'TRL1008',
    'a folder of facts does not exist',
    '`--facts` takes a folder with one file a relation, or `REL=PATH` for one file.',
  ),
  entry(
    'TRL1009',
    'a line of inputs is wrong',
    'Inputs are JSON Lines such as `{"node": "a", "rel": "put", "row": ["k", "v"], "at": 120}`; `node` and `at` (milliseconds) may be left out.',
  ),
  entry(
    'TRL1010',
    'data for an unknown relation',
    'Fact and input files are named after relations of the program.',
  ),
  entry(
    'TRL1011',
    'a relation does not take this data',
    'Facts go into tables, statics and scratches that no rule derives; inputs go into `input` relations. Everything else is made by rules.',
  ),
  entry(
    'TRL1012',
    'data for an unknown node',
    'A folder of facts, a `@node` column or an input names a node that the cluster does not have. Of a fact of the program it is a warning: the program may be run on fewer nodes than it knows.',
  ),
  entry(
    'TRL1013',
    'a file cannot be written',
    'The folder of the results cannot be made or written.',
  ),
  entry(
    'TRL1014',
    'the cluster did not start',
    'A node process ended before all nodes were listening; the lines above, prefixed with its name, say why.',
  ),
  entry(
    'TRL1015',
    'data differs from node to node where it is needed alike',
    'Replicas that apply the same entries agree only if they began alike, and an entry is one for all only if every sender sends it to the same receivers. So what the fan-out of the log and the rules behind it read must have the same rows at all nodes. The same is true of a static without `partition by` that a rule over cluster-wide relations reads: such a rule is evaluated where its tuples are, with the static as it is there. And it is true of the static that names the producers of a seal: else a reader would not wait for all of them. Give such data in `[static]` or without a node, not under `[nodes.NAME.static]` or in a folder of one node.',
  ),
  entry(
    'TRL1016',
    'a string cannot be written as CSV or TSV',
    'A string of the language is a sequence of UTF-16 code units and may hold half of a surrogate pair, for which UTF-8 has no bytes. In CSV and TSV U+FFFD is written in its place, so that different strings may look the same; JSON Lines (`--format jsonl`) keeps them apart, and a run with `--out` writes the relation as JSON Lines, too.',
  ),
  entry(
    'TRL1017',
    'durable relations without a data directory',
    'A node keeps its durable tables, lattices and channels in a directory: `--data DIR`, or `data = "DIR"` under `[nodes.NAME]` in the cluster file. Without one nothing would outlive the process, which is not what `durable` promises, so the node does not start. `run` and `simulate`, which end with what they ran, keep everything in memory.',
  ),
  entry(
    'TRL1018',
    'two nodes with one data directory',
    'Each node keeps what is its own, and one process at a time may use a data directory.',
  ),
  entry(
    'TRL1019',
    'an event for a node that is not there',
    'In `repl` the fact of an input is an event, and what stands before it is the node that takes it: `b: put("k", 1);`. Without it a row of a located input goes to the node of its `@` column, any other to the first node. `--nodes a,b` or a cluster file says which nodes there are.',
  ),
  entry(
    'TRL1020',
    'an event for a node that has halted',
    'A node that has derived `halt` stops behind that timestep and takes nothing any more. In `repl` the line before can be had back with `:undo`.',
  ),
  entry(
    'TRL1021',
    'a question that is not one body',
    'Behind `?` in `repl` stands the body of one rule, or the name of a relation. It is answered by the variables of the body, with one row for each way in which it holds, or by yes and no if it has none.',
  ),
];
