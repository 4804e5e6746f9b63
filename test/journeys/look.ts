import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Colours do not depend on the width, nor the layout on the colours: two looks show all four. */
const looks = [
  { name: 'light, wide', colorScheme: 'light', width: 1440 },
  { name: 'dark, 360 px', colorScheme: 'dark', width: 360 },
] as const

interface Box {
  readonly tagName: string
  readonly scrollWidth: number
  readonly clientWidth: number
}

/** What is wrong with a screen as it stands, in light and dark, wide and narrow; empty when nothing is. */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const { name, colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .analyze()
    for (const { id, nodes } of violations) {
      for (const { target, failureSummary } of nodes) faults.push(`${name}: ${id} at ${target}: ${failureSummary}`)
    }
    for (const part of await sidewaysParts(page)) faults.push(`${name}: ${part}`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  return faults
}

/** The page and its dialogs, where they are wider than their window. */
function sidewaysParts(page: Page): Promise<string[]> {
  return page
    .locator('html, dialog, [role="dialog"]')
    .evaluateAll((boxes: Box[]) =>
      boxes
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(
          ({ tagName, scrollWidth, clientWidth }) => `${tagName} scrolls sideways: ${scrollWidth} in ${clientWidth}`,
        ),
    )
}
