/** `trellis report --format html` as users have it: what is printed, put in a file, opened and clicked. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from '../support/chromium.js';
import { cliPrograms } from '../support/cli-programs.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const folder = sharedFolder(cliPrograms);

describe.skipIf(chromiumPath === null)('the page of trellis report', { timeout: 120_000 }, () => {
  let browser: Browser;
  let page: Page;
  let code: number | null = null;
  const complaints: string[] = [];

  beforeAll(async () => {
    const words = ['report', 'first-come', '--format', 'html', '--require', 'confluent'];
    const run = await runTrellis([...words, '--budget', '2000'], { cwd: folder });
    code = run.code;
    const file = join(folder, 'page.html');
    writeFileSync(file, run.stdout);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(file).href);
  }, 120_000);
  afterAll(() => browser.close());

  const texts = (selector: string): Promise<readonly string[]> =>
    page.locator(selector).allTextContents();

  it('says first what is not met, and the command says so by its exit code', async () => {
    expect(code).toBe(3);
    expect(await page.title()).toContain('Trellis report');
    const verdicts = await page.innerText('table.list');
    expect(verdicts).toMatch(/winner output\s+divergent refuted/);
    expect(verdicts).toMatch(/complete at quiescence\s+replicated\s+Blazes: Diverge/);
  });

  it('lights up the blamed way in graph and source, and brings both into view', async () => {
    await page.click('section.observable [data-path]');
    expect(await texts('.vertex.lit .name')).toEqual(expect.arrayContaining(['ask', 'winner']));
    expect(await page.locator('.edge.lit').count()).toBeGreaterThan(0);
    expect(await texts('.seg.lit')).toContain('winner');
    expect(
      await page.locator('#dataflow').evaluate((e) => e.getBoundingClientRect().top),
    ).toBeLessThan(200);
    expect(await page.textContent('#inspector')).toMatch(/^Path: ask → /);
  });

  it('answers for every relation and every rule', async () => {
    const names = await texts('.vertex .name');
    for (const [i, name] of names.entries()) {
      await page.locator('.vertex').nth(i).click();
      expect(await page.textContent('#inspector')).toContain(name);
    }
    const rows = page.locator('tr[data-rules]');
    for (let i = 0; i < (await rows.count()); i++) {
      await rows.nth(i).locator('.number').click();
      expect(await page.textContent('#inspector')).toMatch(/: (monotone|convergent|divergent), /);
    }
  });

  it('has both schedules beside each other, with the outcome of each', async () => {
    const pair = page.locator('.witness .pair').first();
    const boxes = await pair
      .locator('.run')
      .evaluateAll((runs) =>
        runs.map((run) => run.getBoundingClientRect()).map(({ left, top }) => ({ left, top })),
      );
    expect(boxes).toHaveLength(2);
    expect(boxes[0]!.top).toBe(boxes[1]!.top);
    expect(boxes[0]!.left).toBeLessThan(boxes[1]!.left);
    expect(await pair.locator('svg.space-time').count()).toBe(2);
    expect(await pair.locator('.outcome li.own').count()).toBeGreaterThan(0);
  });

  it('draws everything within the picture', async () => {
    const outside = await page.locator('#graph').evaluate((graph) => {
      const frame = graph.getBoundingClientRect();
      return [...graph.querySelectorAll('.vertex, .edge .line, .edge .disc')].filter((part) => {
        const { left, right, top, bottom } = part.getBoundingClientRect();
        return (
          left < frame.left - 1 ||
          right > frame.right + 1 ||
          top < frame.top - 1 ||
          bottom > frame.bottom + 1
        );
      }).length;
    });
    expect(outside).toBe(0);
    expect(complaints).toEqual([]);
  });
});
