/**
 * Codes of area 08 from TRL0850 on: what happens to a running node that is not the fault of one
 * rule: rejected batches, frames that make no sense, peers, ports and storage. No program text can
 * show them by itself, so none has a wrong and a right program.
 */
import type { CodeEntry } from '../code-entry.js';

const networkCode = (code: string, title: string, explanation: string): CodeEntry => ({
  code,
  title,
  explanation,
  wrong: null,
  right: null,
});

export const networkCodes: readonly CodeEntry[] = [
  networkCode(
    'TRL0850',
    'a batch was rejected',
    `A batch is what one timestep of a sender sent to this node, or what entered it at once from outside. This one makes a timestep fail even when it is taken alone, so it is left out, and the node goes on as if it had never come. The notes say which error it made, with which tuples.

The sender is not told. A batch is rejected as a whole, because a node never sees half of one.`,
  ),
  networkCode(
    'TRL0851',
    'a timestep over several batches failed and runs again, one batch at a time',
    `A timestep takes all batches that wait. When it fails, its state is as before and nothing has left the node; the batches then run one by one, in the order in which they came. Those that fail alone are rejected (TRL0850). That the batches fail together and not alone means that the result depends on which of them meet in one timestep: \`trellis report\` shows where.`,
  ),
  networkCode(
    'TRL0852',
    'a node cannot boot',
    `The first timestep after the start fails by itself, before any event is taken: the facts of the program and of the node contradict each other or the rules fail on them. The node stops.

After a restart it is what an earlier process has stored that the rules fail on: a divisor of 0, say, that an \`upsert\` put there. A node that runs is not stopped by that: it rejects what it takes (TRL0850) until something comes that the rules can bear. One that has restarted stops instead, so that nothing is taken and lost: its data directory stays as it is, and peers keep what they have sent through durable channels. Mend the rule and start the node again: rules may change, as long as the durable relations stay what they are.`,
  ),
  networkCode(
    'TRL0853',
    'a frame that makes no sense was dropped',
    `A peer sent a frame whose rows do not fit the program: a relation that takes nothing from other nodes, a row of the wrong shape, or a tuple that belongs to another node. The frame is dropped as a whole and counted; the node lives. Peers that run the same program do not send such frames.`,
  ),
  networkCode(
    'TRL0854',
    'a tuple is addressed to a node that is not in the cluster',
    `The \`@\` column of an asynchronous tuple names its receiver, and no node of the cluster has that name. \`run\` and \`simulate\` drop such tuples and count them. \`node\` holds them, within the bound of its outbox, as for a peer whose link is down.`,
  ),
  networkCode(
    'TRL0855',
    'frames for a peer were dropped because too many wait',
    `Frames wait until the peer has acknowledged them, so that a broken link loses nothing. The number of waiting frames is bounded; beyond it the oldest are dropped and counted. The peer is down for too long, or slower than this node sends.`,
  ),
  networkCode(
    'TRL0856',
    'an entry of the ordered log was skipped',
    `An entry of the ordered log holds something that is not a part of this program: no sender that runs the program can have proposed it. Every member skips it alike, so they still agree.`,
  ),
  networkCode(
    'TRL0857',
    'storage failed and the node stops',
    `What a timestep has changed could not be made durable. The node stops at once: it acknowledges nothing and does not try again, because after a failed write nobody knows what the disk holds.`,
  ),
  networkCode(
    'TRL0858',
    'an entry of the ordered log is applied although the node is not quiet',
    `Entries of the ordered log are applied one after the other, each when the timesteps that follow from the one before have run. This node never comes to rest: its state changes in every timestep by itself. Entries are then applied after a fixed number of timesteps. Let the rule that keeps the state moving be driven by a \`periodic\`.`,
  ),
  networkCode(
    'TRL0860',
    'a node cannot listen on its address',
    `Another process listens on the port already, or the address is not one of this machine. Choose another port; port 0 lets the system choose a free one.`,
  ),
  networkCode(
    'TRL0861',
    'a connection between two nodes was refused',
    `Two nodes shake hands before they talk. They refuse each other when they speak different versions of the protocol, when their programs, parameters or coordination members differ, when the name of one is not in the cluster of the other, and when both bear one name. Both sides say which it was.`,
  ),
  networkCode(
    'TRL0862',
    'a connection sent something that is not of the protocol',
    `What came over a connection is not a message of version 1 of the protocol. Before the handshake the connection is closed; after it the message is dropped and counted. The node lives.`,
  ),
  networkCode(
    'TRL0863',
    'a connection was closed because its peer does not read',
    `More data than the bound waits to be written to this peer. The connection is closed so that the memory of the node stays bounded; what the peer has not acknowledged is sent again over the next connection.`,
  ),
  networkCode(
    'TRL0864',
    'a peer cannot be reached',
    `Nothing answers at the URL of a peer. The node goes on, and tries again at growing intervals; what it sends to the peer waits.`,
  ),
  networkCode(
    'TRL0865',
    'an address of a node makes no sense',
    `A node listens on \`HOST:PORT\` and finds its peers by URLs such as \`ws://127.0.0.1:7001\`. Peers have names of the cluster.`,
  ),
  networkCode(
    'TRL0866',
    'a batch is too large to be sent',
    `What one timestep sends to one receiver is one batch, because a batch is never torn. A long one travels in pieces, and the receiver takes it when it has all of them; but its length is bounded, at 256 Mi characters as JSON. This one is longer. It is left out; one that holds tuples of durable channels stays with its sender, and is told of once a process. Send less in one timestep.`,
  ),
  networkCode(
    'TRL0867',
    'a member of the ordered log has not met enough of the others to vote',
    `The members of the ordered log keep their votes in memory, so one that restarts has forgotten them and must not vote again. That the others can tell, each member registers with them before its first vote: with all others in groups of up to three, with most of them in larger ones. Until then this member does not vote, and what it wants decided waits.

So a group must have been complete once before it decides anything. Afterwards a majority of the members that have not restarted is enough. Start the members that the message names, or see why they cannot be reached.`,
  ),
  networkCode(
    'TRL0869',
    'assertions that no node evaluates',
    `The assertions of a program of the Dedalus dialect, \`pre\`, \`post\` and what feeds them, are evaluated over all nodes at once. Under \`node\` and \`up\` each process holds its own tuples only, and messages are on their way between any two of them, so there is no moment of which an assertion could speak. \`run\` and \`simulate\` hold all nodes and evaluate them.`,
  ),
  networkCode(
    'TRL0870',
    'the data directory is in use',
    `One process at a time may use a data directory. Another node, or an earlier process of this one that has not ended yet, has it open.`,
  ),
  networkCode(
    'TRL0871',
    'the data directory cannot be used',
    `A data directory is made when it does not exist; an empty one will do, too. One that holds other files is refused, so that nothing of anybody else's is touched, and so is one that cannot be read and written.`,
  ),
  networkCode(
    'TRL0872',
    'the data directory is damaged',
    `Everything in a data directory is read and checked before a node starts: each record, and a checksum over all of them. What is there is not what nodes have written: a disk has lost or changed something, or somebody else has. To go on with a part of it would be to lose data silently, so the node does not start.`,
  ),
  networkCode(
    'TRL0873',
    'the data directory holds what this program does not have',
    `A data directory says which durable relations it holds, with their columns and keys. This program has not got one of them, or has it with other columns, so what is stored there would be lost or misread. Relations that are new to the directory, and those that hold nothing, are no obstacle: they start with their facts.`,
  ),
  networkCode(
    'TRL0874',
    'the data directory is that of another node',
    `What a node keeps is its own: its tuples, and what it has sent and taken over durable channels. Another node must not go on from it.`,
  ),
  networkCode(
    'TRL0875',
    'the data directory has another format',
    `Another version of Trellis has written this data directory, in a format that this one does not know.`,
  ),
  networkCode(
    'TRL0876',
    'durable relations beside an ordered log',
    `The members of the ordered log keep it in memory in this version, and a node that restarts applies it from its beginning. What it keeps in a data directory would then take every entry a second time. So a node with durable relations is not started where the program needs an ordered log. \`run\` and \`simulate\`, in which no node restarts, run it.`,
  ),
  networkCode(
    'TRL0877',
    'many batches of durable channels wait for a peer',
    `What is sent through durable channels stays with the sender until the receiver has applied it, however long that takes; it is never dropped for its number, as other frames are (TRL0855). So a peer that stays away costs memory and disk.`,
  ),
  networkCode(
    'TRL0878',
    'a data directory is older than what a peer knows',
    `Two nodes with durable channels tell each other, over every new link, what they remember of one another. This one has forgotten something that its peer has not: its data directory is an older copy, from a backup say, or it was emptied.

Batches that it had applied and of which it had said so are gone: the sender has discarded them, and nobody sends them again. Batches that it had sent and does not know of have been applied by the peer, once, and stay so. Everything else is as always: what the older copy still has to send, and the peer has applied, is not applied a second time, and what the node sends from now on is new.`,
  ),
  networkCode(
    'TRL0879',
    'a node cannot finish an epoch',
    `A rule over cluster-wide relations that waits until all nodes have worked off what there is fires at every node, once an epoch. Here the timestep in which it fires fails, as is told beside this: an expression has no value for some tuple, or two tuples share a key. The tuple is stored already, so firing again would fail again; and the other nodes cannot go on without this one, since what it would have derived may be ruled out elsewhere. So nothing more is shown by rules that wait, and inputs that they depend on are held back, until the cluster is started anew.

Keep such tuples out where they enter (\`v != 0\` in the rule that stores them), so that what is stored never fails.`,
  ),
];
