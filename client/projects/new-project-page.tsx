import { useNavigate, useSearchParams } from '@solidjs/router'
import { api, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { textOf } from '../ui/text-of.ts'
import { ProjectForm } from './project-form.tsx'

/** Creating a project; `?connection=` names the one to begin with. */
export default function NewProjectPage() {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  return (
    <>
      <PageHead title="New project" partOf={{ href: '/projects', name: 'Projects' }} />
      <ProjectForm
        project={null}
        connectionId={textOf(search.connection) || undefined}
        does="Create project"
        cancel="/projects"
        save={async (wanted) => {
          const { id } = await api.projects.create.mutate(wanted)
          announce(`The project ${wanted.name} was created.`)
          navigate(`/projects/${id}`)
          await forget('projects', 'connections', 'audit')
        }}
      />
    </>
  )
}
