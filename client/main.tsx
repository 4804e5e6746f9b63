import '@fontsource-variable/geist'
import '@fontsource-variable/geist-mono'
import './style.css'
import { QueryClientProvider } from '@tanstack/solid-query'
import { render } from 'solid-js/web'
import { knowledge } from './api.ts'
import { Routes } from './routes.tsx'

const root = document.getElementById('root')
if (root) {
  render(
    () => (
      <QueryClientProvider client={knowledge}>
        <Routes />
      </QueryClientProvider>
    ),
    root,
  )
}
