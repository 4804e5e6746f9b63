import { objection } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { TextArea } from '../ui/text-area.tsx'

/** What names a GitHub App's installation, and the key that proves to be the App. */
export interface AppPaste {
  readonly appId: string
  readonly installationId: string
  readonly privateKey: string
}

/** The fields of a GitHub App. */
export function AppFields(props: { value: AppPaste; onInput: (value: AppPaste) => void; error: unknown }) {
  return (
    <>
      <Field
        label="App ID"
        required
        value={props.value.appId}
        onInput={(event) => props.onInput({ ...props.value, appId: event.currentTarget.value })}
        hint="Found in the app's settings."
        error={objection(props.error, 'appId')}
      />
      <Field
        label="Installation ID"
        required
        value={props.value.installationId}
        onInput={(event) => props.onInput({ ...props.value, installationId: event.currentTarget.value })}
        hint="Found in the URL when viewing the installation; paste that URL if you like."
        error={objection(props.error, 'installationId')}
      />
      <TextArea
        label="Private Key"
        required
        value={props.value.privateKey}
        onInput={(privateKey) => props.onInput({ ...props.value, privateKey })}
        placeholder="-----BEGIN RSA PRIVATE KEY-----"
        hint="Generated and downloaded in the app's settings. Paste it, or drop the file here."
        error={objection(props.error, 'privateKey')}
      />
    </>
  )
}
