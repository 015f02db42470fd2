/** What a node counts, as it is scraped over HTTP. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveMetrics } from '../../../src/host/serve-metrics.js';
import type { MetricsServer } from '../../../src/host/serve-metrics.js';
import { startNode, stopAll, until } from './hosted.js';

const servers: MetricsServer[] = [];

async function serve(name: string): Promise<MetricsServer> {
  const { value, diagnostics } = await serveMetrics(name, { host: '127.0.0.1', port: 0 });
  expect(diagnostics).toEqual([]);
  servers.push(value!);
  return value!;
}

/** The samples by name and labels. */
async function scrape({ url }: MetricsServer): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(url)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await stopAll();
});

describe('metrics', () => {
  it('are the figures that the node keeps, with the peers that it reaches', async () => {
    const metrics = await serve('a');
    const { node: a } = await startNode('a', ['a', 'b', 'c'], {
      listener: { timestepTook: (_, ms) => metrics.timestepTook(ms) },
    });
    metrics.show(a);
    const { node: b, url } = await startNode('b', ['a', 'b', 'c']);
    a.addPeer('b', url);
    a.insert('put', [
      ['b', 1],
      ['c', 2],
    ]);
    await until(() => b.query('msg').length === 1);
    await until(() => a.measure().peers[0]!.unacknowledged === 0);
    const samples = await scrape(metrics);
    const { timesteps, dataFrames } = a.statistics();
    expect(dataFrames).toBeGreaterThan(0);
    const figures = {
      'trellis_timesteps_total{node="a"}': timesteps,
      'trellis_timestep_seconds_count{node="a"}': timesteps,
      'trellis_failed_timesteps_total{node="a"}': 0,
      'trellis_coordination_messages_total{node="a"}': 0,
      'trellis_frames_sent_total{kind="data",node="a"}': dataFrames,
      'trellis_link_up{peer="b",node="a"}': 1,
      'trellis_link_up{peer="c",node="a"}': 0,
      'trellis_unacknowledged_frames{peer="b",node="a"}': 0,
      'trellis_unacknowledged_frames{peer="c",node="a"}': 1,
    };
    for (const [sample, value] of Object.entries(figures))
      expect([sample, samples.get(sample)]).toEqual([sample, value]);
    expect(samples.get('process_resident_memory_bytes{node="a"}')).toBeGreaterThan(1e6);
  });

  it('are told from the beginning each time they are read', async () => {
    const metrics = await serve('a');
    const { node } = await startNode('a', ['a']);
    metrics.show(node);
    const total = 'trellis_timesteps_total{node="a"}';
    const before = (await scrape(metrics)).get(total)!;
    expect((await scrape(metrics)).get(total)).toBe(before);
    node.insert('put', [['a', 1]]);
    await until(() => node.query('msg').length === 1);
    expect((await scrape(metrics)).get(total)).toBe(node.statistics().timesteps);
    expect(node.statistics().timesteps).toBeGreaterThan(before);
  });

  it('are at one path, and can only be read', async () => {
    const metrics = await serve('a');
    expect((await fetch(metrics.url)).status).toBe(503);
    metrics.show((await startNode('a', ['a'])).node);
    const answers = await Promise.all([
      fetch(metrics.url, { method: 'HEAD' }),
      fetch(`${metrics.url}?x=1`),
      fetch(new URL('/', metrics.url)),
      fetch(metrics.url, { method: 'POST' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405]);
    expect(answers[0].headers.get('content-type')).toContain('version=0.0.4');
  });

  it('do not keep a node that stops', async () => {
    const metrics = await serve('a');
    const { port } = new URL(metrics.url);
    const idle = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    await metrics.close();
    idle.destroy();
    await expect(fetch(metrics.url)).rejects.toThrow();
  });

  it('need an address that is free', async () => {
    const metrics = await serve('a');
    const port = Number(new URL(metrics.url).port);
    const { value, diagnostics } = await serveMetrics('b', { host: '127.0.0.1', port });
    expect(value).toBeNull();
    expect(diagnostics).toMatchObject([
      {
        code: 'TRL0860',
        message: `node b cannot serve metrics on 127.0.0.1:${port}: another process listens there`,
      },
    ]);
  });
});
