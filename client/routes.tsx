import { Navigate, Route, Router } from '@solidjs/router'
import { lazy } from 'solid-js'
import { Frame } from './frame/frame.tsx'
import { NotFound } from './frame/not-found.tsx'

/** Every address of the page. */
export function Routes() {
  return (
    <Router>
      <Route path="/sign-in" component={lazy(() => import('./organization/sign-in-page.tsx'))} />
      <Route path="/join/:invitationId" component={lazy(() => import('./organization/join-page.tsx'))} />
      <Route path="/connected/:authorizationId?" component={lazy(() => import('./connections/connected-page.tsx'))} />
      <Route path="/" component={Frame}>
        <Route path="/" component={() => <Navigate href="/settings/git-connections" />} />
        <Route path="/projects" component={lazy(() => import('./projects/projects-page.tsx'))} />
        <Route path="/projects/new" component={lazy(() => import('./projects/new-project-page.tsx'))} />
        <Route path="/projects/:projectId" component={lazy(() => import('./projects/project-page.tsx'))} />
        <Route path="/projects/:projectId/edit" component={lazy(() => import('./projects/edit-project-page.tsx'))} />
        <Route
          path="/projects/:projectId/environments/new"
          component={lazy(() => import('./environments/new-environment-page.tsx'))}
        />
        <Route
          path="/environments/:environmentId"
          component={lazy(() => import('./environments/environment-page.tsx'))}
        />
        <Route
          path="/environments/:environmentId/edit"
          component={lazy(() => import('./environments/edit-environment-page.tsx'))}
        />
        <Route path="/deployments" component={lazy(() => import('./deployments/deployments-page.tsx'))} />
        <Route path="/deployments/:deploymentId" component={lazy(() => import('./deployments/deployment-page.tsx'))} />
        <Route path="/settings" component={() => <Navigate href="/settings/git-connections" />} />
        <Route path="/settings/git-connections" component={lazy(() => import('./connections/connections-page.tsx'))} />
        <Route
          path="/settings/git-connections/:connectionId"
          component={lazy(() => import('./connections/connection-page.tsx'))}
        />
        <Route path="/settings/members" component={lazy(() => import('./organization/members-page.tsx'))} />
        <Route path="/settings/api-keys" component={lazy(() => import('./organization/api-keys-page.tsx'))} />
        <Route path="/audit" component={lazy(() => import('./audit/audit-page.tsx'))} />
        <Route path="*" component={NotFound} />
      </Route>
    </Router>
  )
}
