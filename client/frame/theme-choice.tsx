import Monitor from 'lucide-solid/icons/monitor'
import Moon from 'lucide-solid/icons/moon'
import Sun from 'lucide-solid/icons/sun'
import { createSignal } from 'solid-js'
import { Dynamic } from 'solid-js/web'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]
const icons = { system: Monitor, light: Sun, dark: Moon }
const [theme, setTheme] = createSignal<Theme>(themes.find((name) => name === localStorage.getItem('theme')) ?? 'system')

function choose(next: Theme): void {
  setTheme(next)
  if (next === 'system') {
    localStorage.removeItem('theme')
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem('theme', next)
    document.documentElement.dataset.theme = next
  }
}

/** Turns from the system's theme to light to dark. */
export function ThemeChoice() {
  const next = () => themes[(themes.indexOf(theme()) + 1) % themes.length] ?? 'system'
  return (
    <button
      type="button"
      aria-label={`Theme: ${theme()}. Change to ${next()}`}
      title={`Theme: ${theme()}`}
      class="inline-flex size-10 shrink-0 items-center justify-center rounded-md hover:bg-sunken"
      onClick={() => choose(next())}
    >
      <Dynamic component={icons[theme()]} size={16} aria-hidden="true" />
    </button>
  )
}
