const SECRET_NAME =
  /(^|[-_.])(authorization|api[-_]?keys?|x[-_]api[-_]key|token|secret|password|passwd|cookie|credentials?)$/i;
const REFERENCE = /\$\{[A-Za-z_][A-Za-z0-9_]*\}/;
const REFERENCES = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Name of an environment variable, as POSIX allows it. */
export const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** True when a header, body field or pair of this name usually holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1-$2'));
}

/** True when the text takes (part of) its value from the environment: `Bearer ${MY_KEY}`. */
export function hasReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Names of the environment variables that a text refers to. */
export function referencedNames(text: string): string[] {
  return [...text.matchAll(REFERENCES)].map((match) => match[1]!);
}
