import { createSignal } from 'solid-js'
import { forget, knowledge } from './api.ts'
import { followEvents, type LiveNews } from './live-stream.ts'

const [lostSince, setLostSince] = createSignal<Date | null>(null)

/** Since when the page shows what was known and not what is; null while it is live. */
export { lostSince }

let started = false
let opened = false
let waiting: ReturnType<typeof setTimeout> | undefined
const changed = new Set<string>()

/** Keeps the page true to the log from now on. Tabs of the same person and organization share one stream. */
export function startLive(session: string): void {
  if (started) return
  started = true
  // Chrome on Android has no SharedWorker; it opens few tabs at a time.
  if (typeof SharedWorker === 'undefined') {
    followEvents(hear)
    return
  }
  const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: session })
  worker.port.addEventListener('message', ({ data }: MessageEvent<LiveNews>) => hear(data))
  worker.port.start()
  addEventListener('pagehide', ({ persisted }) => persisted || worker.port.postMessage('gone'))
}

function hear(news: LiveNews): void {
  switch (news.is) {
    case 'lost':
      // A stream that opens within three seconds was never missed.
      waiting ??= setTimeout(() => {
        setLostSince(new Date(Date.now() - 3_000))
        // It may be lost because the session has ended; this tells.
        void forget('organization')
      }, 3_000)
      return
    case 'live': {
      clearTimeout(waiting)
      waiting = undefined
      // What happened after the first answers and before the stream opened is told by nobody else.
      if (!opened || lostSince()) void knowledge.invalidateQueries()
      opened = true
      setLostSince(null)
      return
    }
    case 'event':
      if (changed.size === 0) setTimeout(tellOnce, 40)
      for (const noun of nounsOf(news.streamType)) changed.add(noun)
  }
}

/** Where it shows what happened to something: a project's on the connections that it takes its repositories through. */
function nounsOf(streamType: string): string[] {
  switch (streamType) {
    case 'organization':
      return ['organization']
    case 'environment':
      return ['environments', 'deployments', 'connections']
    default:
      return ['connections', 'projects', 'environments', 'deployments']
  }
}

function tellOnce(): void {
  const nouns = [...changed, 'audit']
  changed.clear()
  void forget(...nouns)
}
