/** `HOST:PORT` as users write it. Without a host it is the loopback one: nobody listens to the world by default. */
import type { Checked } from '../diagnostics/diagnostic.js';
import { describeBadAddress } from './transport-reports.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Where a node listens that is not told: on this machine only, on a port that the system chooses. */
export const loopbackAddress: ListenAddress = { host: '127.0.0.1', port: 0 };

/** Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`. */
export function parseListenAddress(text: string): Checked<ListenAddress> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]:|([A-Za-z0-9.-]*):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    return { value: loopbackAddress, diagnostics: [describeBadAddress(text)] };
  }
  const host = match[1] ?? match[2] ?? '';
  return { value: { host: host === '' ? loopbackAddress.host : host, port }, diagnostics: [] };
}
