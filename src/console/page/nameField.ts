/** What fields for the beginning of a name have in common. */
export const nameField = {
  maxLength: 128,
  pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*',
  title: 'Letters, digits, dots, underscores and hyphens; a letter or digit first.',
  autocomplete: 'off',
  autocapitalize: 'off',
  spellcheck: false,
} as const
