/** The page in a browser: what lights up, keyboard and colour schemes, and that hostile text stays text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReportPage } from '../../../src/report/page/render-report-page.js';
import { chromiumPath, launchChromium } from '../../support/chromium.js';
import { hostileReport } from '../../support/hostile-report.js';
import { reportGolden } from '../../support/report-golden.js';

const folder = mkdtempSync(join(tmpdir(), 'trellis-page-'));

describe.skipIf(chromiumPath === null)('the page in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    writeFileSync(join(folder, 'fine.html'), renderReportPage(reportGolden('first-come').report));
    writeFileSync(join(folder, 'hostile.html'), renderReportPage(hostileReport()));
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${join(folder, name)}`);
    return page;
  }
  const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count();

  it('lights up the path of a blame in graph and source, and Escape puts it out', async () => {
    const page = await open('fine.html');
    await page.click('[data-path="p1-0"]');
    expect(await count(page, '.vertex.lit')).toBe(3);
    expect(await count(page, '.edge.lit')).toBe(2);
    expect(await page.locator('.seg.lit').allTextContents()).toEqual([
      'ask',
      'winner',
      'ask(_, w)',
      'taken(_, w)',
    ]);
    expect(await page.textContent('#inspector')).toBe('Path: ask → first → taken → winner.');
    await page.keyboard.press('Escape');
    expect(await count(page, '.lit')).toBe(0);
    await page.close();
  });

  it('shows an observable’s path on a click, and a rule’s edges on its line', async () => {
    const page = await open('fine.html');
    await page.click('.vertex.output');
    expect(await page.textContent('#inspector')).toContain('Path: ask → first → taken → winner.');
    await page.click('tr[data-rules] .letter.D');
    expect(await page.textContent('#inspector')).toContain(
      'first: divergent, aggregates the events',
    );
    expect(await count(page, '.edge.divergent.lit')).toBe(2);
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open('fine.html');
    await page.focus('.vertex.input');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toContain(
      'channel ask',
    );
    await page.keyboard.press('Enter');
    expect(await page.textContent('#inspector')).toContain('channel ask: holds in the timesteps');
    await page.focus('tr[data-rules]');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#inspector')).toContain('ask#1: monotone');
    const before = await page.locator('#graph').evaluate((graph) => graph.clientWidth);
    await page.focus('[data-zoom=in]');
    await page.keyboard.press('Enter');
    expect(await page.locator('#graph').evaluate((graph) => graph.clientWidth)).toBeGreaterThan(
      before,
    );
    await page.close();
  });

  it('has two schemes of colours, and no width at which the page itself scrolls sideways', async () => {
    const colors = new Set<string>();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [380, 1400]) {
        const page = await open('fine.html', { colorScheme, viewport: { width, height: 800 } });
        colors.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
        await page.close();
      }
    }
    expect(colors.size).toBe(2);
  });

  it('reads without its script', async () => {
    const page = await open('fine.html', { javaScriptEnabled: false });
    const text = await page.innerText('body');
    expect(text).toContain('Replicas can disagree for good');
    expect(text).toContain('winner at n1');
    expect(await page.locator('button').first().isVisible()).toBe(false);
    await page.close();
  });

  it('keeps hostile text as text', async () => {
    const page = await open('hostile.html');
    expect(await count(page, 'img, [onerror], [onload], [onmouseover]')).toBe(0);
    expect(await count(page, 'script')).toBe(2);
    expect(await page.textContent('h1')).toBe('script>.bloom');
    expect(await page.innerText('#source')).toContain('<script>hit()</script>');
    await page.close();
  });

  it('complains of nothing and asks for nothing', () => {
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });
});
