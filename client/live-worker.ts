import { followEvents, type LiveNews } from './live-stream.ts'

/** One for all tabs of a browser: over HTTP/1.1 a browser opens about six connections to a host. */
const tabs = new Set<MessagePort>()
let state: LiveNews = { is: 'lost' }

self.addEventListener('connect', (event) => {
  if (!(event instanceof MessageEvent)) return
  for (const port of event.ports) {
    tabs.add(port)
    port.addEventListener('message', () => tabs.delete(port))
    port.start()
    port.postMessage(state)
  }
})

followEvents((news) => {
  if (news.is !== 'event') state = news
  for (const tab of tabs) tab.postMessage(news)
})
