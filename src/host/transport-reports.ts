/** What goes wrong between nodes, as diagnostics: what happened, with whom, and what to do. */
import { quoteString } from '../base/value-text.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import type { TransportTrouble } from '../transport/transport.js';
import type { ListenFailure } from '../transport/websocket-transport.js';

type Refused = Extract<TransportTrouble, { kind: 'refused' }>;

/** The diagnostic of a trouble that node `node` has. */
export function describeTrouble(
  node: string,
  cluster: readonly string[],
  trouble: TransportTrouble,
): Diagnostic {
  switch (trouble.kind) {
    case 'refused':
      return describeRefusal(node, cluster, trouble);
    case 'garbage':
      return {
        code: 'TRL0862',
        severity: 'warning',
        message: `node ${node} got something from ${trouble.peer} that is not of the protocol: ${trouble.reason}`,
        notes: [
          trouble.isClosed ? 'the connection was closed' : 'the message was dropped',
          `${trouble.count} such messages so far`,
        ],
      };
    case 'slow-reader':
      return {
        code: 'TRL0863',
        severity: 'warning',
        message: `node ${node} closed its connection to ${trouble.peer}, which does not read: more than ${trouble.bytes} bytes wait`,
        help: `look at what holds ${trouble.peer} up; what it lacks is sent again when it is back`,
      };
    case 'oversize': {
      const { peer, length, isKept } = trouble;
      const extent =
        length === null ? 'more characters than a text can have' : `${length} characters`;
      return {
        code: 'TRL0866',
        severity: 'error',
        message: isKept
          ? `node ${node} cannot send a batch of durable channels for ${peer}: it has ${extent}, which is too large for any node`
          : `node ${node} left out a batch for ${peer} of ${extent}, which is too large for any node`,
        ...(isKept ? { notes: [`it stays with node ${node}, and ${peer} never has it`] } : {}),
        help: 'send less in one timestep',
      };
    }
    case 'unreachable':
      return {
        code: 'TRL0864',
        severity: 'warning',
        message: `node ${node} cannot reach ${trouble.peer} at ${trouble.url}: ${trouble.reason}`,
        help: `start ${trouble.peer}, or mend its URL; node ${node} keeps trying`,
      };
  }
}

function describeRefusal(node: string, cluster: readonly string[], refused: Refused): Diagnostic {
  const { by, peer } = refused;
  const who = by === 'us' ? `node ${node} refused ${peer}` : `${peer} refused node ${node}`;
  const [why, help] = explainRefusal(cluster, refused);
  return { code: 'TRL0861', severity: 'error', message: `${who}: ${why}`, help };
}

function explainRefusal(
  cluster: readonly string[],
  { by, peer, reason, detail }: Refused,
): readonly [string, string] {
  const name = quoteString(detail);
  switch (reason) {
    case 'version':
      return [
        `they speak different versions of the protocol (${detail})`,
        'run the same version of Trellis on all nodes',
      ];
    case 'same-name':
      return [`both are named ${name}`, 'give every node a name of its own'];
    case 'wrong-node':
      return [`the node at that URL is ${name}`, `mend the URL of ${peer}`];
    case 'unknown-node': {
      const near = by === 'us' ? didYouMean(detail, cluster) : null;
      const where = by === 'us' ? 'its cluster' : `the cluster of ${peer}`;
      const hint = near === null ? '' : `; did you mean ${quoteString(near)}?`;
      return [`${name} is not in ${where}${hint}`, 'give all nodes the same list of nodes'];
    }
    case 'fingerprint':
      return [
        `they differ in: ${detail}`,
        'run the same program, with the same parameters and members, on all nodes; facts from files that may change what is coordinated belong into the cluster file',
      ];
    case 'duplicate':
      return ['they are connected already', 'nothing needs to be done'];
  }
}

/** The diagnostic of a node that cannot listen, or cannot do there what else it should. */
export function describeListenFailure(
  node: string,
  { host, port }: { readonly host: string; readonly port: number },
  failure: ListenFailure,
  deed = 'listen',
): Diagnostic {
  const where = `${host}:${port}`;
  const isTaken = failure.code === 'EADDRINUSE';
  const why = isTaken ? 'another process listens there' : failure.message;
  return {
    code: 'TRL0860',
    severity: 'error',
    message: `node ${node} cannot ${deed} on ${where}: ${why}`,
    help: isTaken
      ? 'choose another port, or port 0 for a free one, or stop the other process'
      : 'listen on an address of this machine, such as 127.0.0.1',
  };
}

/** A peer's name or URL that cannot be used. */
export function describeBadPeer(
  node: string,
  cluster: readonly string[],
  name: string,
  url: string,
): Diagnostic {
  const isKnown = cluster.includes(name) && name !== node;
  const near = didYouMean(name, cluster);
  return {
    code: 'TRL0865',
    severity: 'error',
    message: isKnown
      ? `the URL ${quoteString(url)} of peer ${name} is not one that a node listens on`
      : name === node
        ? `node ${node} is given as its own peer`
        : `peer ${quoteString(name)} is not in the cluster${near === null ? '' : `; did you mean ${quoteString(near)}?`}`,
    help: isKnown ? 'write it like ws://127.0.0.1:7001' : `the cluster is ${cluster.join(', ')}`,
  };
}

/** A `--listen` that is no address. */
export function describeBadAddress(text: string): Diagnostic {
  return {
    code: 'TRL0865',
    severity: 'error',
    message: `${quoteString(text)} is no address to listen on`,
    help: 'write it like 127.0.0.1:7001; port 0 lets the system choose',
  };
}
