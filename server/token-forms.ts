/**
 * What the tokens of the providers, keys of our own and credentials in addresses look like: where one turns up in a
 * text that is kept or written down, it does not belong there. A token of no known form is not recognised.
 */
const FORMS = new RegExp(
  [
    'gh[pousr]_[A-Za-z0-9]{16,}',
    String.raw`github_pat_\w{16,}`,
    String.raw`gl(?:pat|oas|dt|cbt|rtr?|ptt|ft|imt|agent|wt|soat|ffct)-[\w.-]{16,}`,
    'gc_[A-Za-z]{32,}',
    String.raw`(?<=://[^\s/:@"]{0,100}:)[^\s/@"]+(?=@)`,
    String.raw`(?<=\b(?:Bearer|Basic) )[\w.~+/=-]{16,}`,
    '-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^"-]|-(?!----END))*',
  ].join('|'),
  'g',
)

/** The text without anything in it that looks like a token. */
export function withoutTokens(text: string): string {
  return text.replace(FORMS, '[secret]')
}

/** Whether a text holds something that looks like a token. */
export function holdsToken(text: string): boolean {
  return withoutTokens(text) !== text
}
