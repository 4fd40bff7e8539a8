const word = 'letters, digits, ".", "_" and "-", beginning with a letter or digit';

/** What each pattern of the schemas asks for, in words that continue "must …". A test compares the two lists. */
export const patternRules: Readonly<Record<string, string>> = {
  '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$': `be 1 to 63 ${word}`,
  '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$': `be 1 to 128 ${word}`,
  '^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$': `be 1 to 256 ${word}`,
  '^[^\\u0000]*$': 'not contain the character NUL',
  '^[A-Za-z_][A-Za-z0-9_]*$': 'be a shell identifier: letters, digits and "_", not beginning with a digit',
  '^[a-z][a-z0-9_-]{0,62}$': 'be 1 to 63 lowercase letters, digits, "_" and "-", beginning with a letter',
  '^(?:/workspace/)?(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))(?!(?:[^\\u0000]*/)?\\.?$)[^\\u0000]+$':
    'stay below /workspace: relative or beginning with /workspace/, without "..", and ending in a file name',
  '^(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))[^\\u0000]+$':
    'be relative to /workspace, without ".." and the character NUL',
  '^(?!.*(?:^|/)\\.\\.(?:/|$))[A-Za-z0-9][A-Za-z0-9._/-]*$':
    'be an object name: letters, digits, ".", "_", "-" and "/", beginning with a letter or digit, without ".."',
  '^[0-9a-f]{16}$': 'be 16 lowercase hexadecimal digits',
  '^[A-Za-z0-9_-]+$': 'be base64url (RFC 4648 §5) without padding',
  '^[0-9a-f]{64}$': 'be a SHA-256 in 64 lowercase hexadecimal digits',
  '^(?:[A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$':
    'be base64 (RFC 4648 §4) with padding',
  '^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$':
    'be a time as in RFC 3339, such as "2026-01-31T12:00:00.000Z"',
  '^(?=.{1,255}$)(?:\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]*\\.[A-Za-z][A-Za-z0-9-]*$':
    'be a host name such as "api.example.com", or "*.example.com" for all names below one',
  '^(?=.{1,49}$)[0-9A-Fa-f:.]+/[0-9]{1,3}$': 'be a range of addresses such as "203.0.113.0/24" or "2001:db8::/32"',
  '^SIG[A-Z0-9+-]+$': 'be the name of a signal, such as "SIGKILL"',
  '^[0-7]{3,4}$': 'be 3 or 4 octal digits',
  '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$': 'be a traceparent as in W3C Trace Context',
};
