/** Addresses as users write them. */
import { expect, it } from 'vitest';
import { parseListenAddress } from '../../../src/host/listen-address.js';
import { isPeerUrl } from '../../../src/transport/websocket-transport.js';

it.each([
  ['127.0.0.1:7001', '127.0.0.1', 7001],
  ['0.0.0.0:0', '0.0.0.0', 0],
  ['node-1.example:65535', 'node-1.example', 65_535],
  ['[::1]:80', '::1', 80],
  [':7001', '127.0.0.1', 7001],
  ['7001', '127.0.0.1', 7001],
])('%s is an address to listen on', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ value: { host, port }, diagnostics: [] });
});

it.each(['', 'localhost', 'a:b', '127.0.0.1:65536', '127.0.0.1:-1', 'ws://x:1', '::1:80'])(
  '%s is none',
  (text) => {
    const { diagnostics } = parseListenAddress(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0865']);
  },
);

it('peers are dialled by WebSocket URLs', () => {
  expect(['ws://127.0.0.1:1', 'wss://x/y'].map(isPeerUrl)).toEqual([true, true]);
  expect(['', 'x', 'http://x', 'ws://x#y', '127.0.0.1:1'].map(isPeerUrl)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
