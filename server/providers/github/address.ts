/** The web root and the API root that the operator configured. */
export interface GitHubUrls {
  readonly url: string
  readonly apiUrl: string
}

/** Where an instance has its API. */
export function apiUrlOf(baseUrl: string, own: GitHubUrls): string {
  if (baseUrl === own.url) return own.apiUrl
  const url = new URL(baseUrl)
  if (url.host === 'github.com') return 'https://api.github.com'
  return url.hostname.endsWith('.ghe.com') ? `${url.protocol}//api.${url.host}` : `${baseUrl}/api/v3`
}

/** The web root of an instance; people also paste the API's address. */
export function githubRoot(root: string, own: GitHubUrls): string {
  if (root === own.apiUrl) return own.url
  const url = new URL(root)
  if (/^(www|api)\.github\.com$/.test(url.hostname)) return 'https://github.com'
  return url.hostname.endsWith('.ghe.com') ? root.replace('://api.', '://') : root
}
