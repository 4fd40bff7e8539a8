import type { Operation } from './random-operations.ts';

/*
 * Operations as a bash script, so that what a checkpoint meets was made by the programs that users run. Everything goes
 * through the guards of the prologue: nothing is written through a link, which may lead out, or into a fifo, which waits.
 */

const prologue = `
LC_ALL=C; umask 022; exec 2>/dev/null
reach() { # makes the directories above $1; false where a link is among them
  local above=. part; local -a parts; mapfile -d / -t parts < <(printf %s "$1"); unset 'parts[-1]'
  for part in "\${parts[@]}"; do
    above+=/$part; [[ ! -L $above ]] || return
    [[ -d $above ]] || mkdir -- "$above" || return
  done
}
plain() { reach "$1" && [[ ! -L ./$1 && ! -p ./$1 && ! -d ./$1 ]]; }
file() { reach "$1" && [[ ! -L ./$1 && -f ./$1 ]]; }
thing() { reach "$1" && [[ ! -L ./$1 && -e ./$1 ]]; }
text() { (($1 == 0)) || printf '%0*d' "$1" 7; printf %b "$2"; }
write() { plain "$1" && text "$2" "$3" >"./$1"; }
append() { plain "$1" && text "$2" "$3" >>"./$1"; }
replace() { plain "$1" && text "$2" "$3" >"$spare" && mv -fT "$spare" "./$1"; }
edit() { file "$1" && printf %b "$2" 1<>"./$1"; }
disguised-edit() { file "$1" && touch -r "./$1" "$spare" && printf %b "$2" 1<>"./$1" && touch -r "$spare" "./$1"; }
edit-at() { file "$1" && printf %b "$3" | dd of="./$1" oflag=seek_bytes seek="$2" conv=notrunc; }
truncated() { plain "$1" && truncate -s "$2" "./$1"; }
move() { reach "$1" && reach "$2" && mv -fT "./$1" "./$2"; }
hard-link() { reach "$1" && reach "$2" && ln -PT "./$1" "./$2"; }
link() { reach "$1" && ln -sT -- "$2" "./$1"; }
mode() { thing "$1" && chmod "$2" "./$1"; }
touched() { reach "$1" && touch -chd "$2" "./$1"; }
make-directory() { reach "$1" && mkdir "./$1"; }
remove-directory() { reach "$1" && rmdir "./$1"; }
remove() { reach "$1" && rm -rf "./$1"; }
make-fifo() { reach "$1" && mkfifo "./$1"; }
`;

/** What happens in one directory after the other. `spare` is a path beside them that the script may use. */
export function operationsScript(
  spare: string,
  rounds: Iterable<{ readonly root: string; readonly operations: readonly Operation[] }>,
): string {
  const lines = [prologue, `spare=${quote(spare)}`];
  for (const { root, operations } of rounds) {
    lines.push(`cd ${quote(root)} || exit`, ...operations.map(lineOf));
  }
  return lines.join('\n');
}

function lineOf(operation: Operation): string {
  const { kind } = operation;
  const at = quote(operation.path);
  switch (kind) {
    case 'write':
    case 'append':
    case 'replace':
      return `${kind} ${at} ${operation.pad} ${text(operation.text)}`;
    case 'edit':
    case 'disguised-edit':
      return `${kind} ${at} ${text(operation.text)}`;
    case 'edit-at':
      return `${kind} ${at} ${operation.offset} ${text(operation.text)}`;
    case 'truncate':
      return `truncated ${at} ${operation.size}`;
    case 'move':
    case 'hard-link':
      return `${kind} ${at} ${quote(operation.to)}`;
    case 'symlink':
      return `link ${at} ${quote(operation.target)}`;
    case 'chmod':
      return `mode ${at} ${operation.mode.toString(8)}`;
    case 'touch':
      return `touched ${at} ${quote(operation.time)}`;
    default:
      return `${kind} ${at}`;
  }
}

const escapes = (value: string, prefix: string) =>
  [...value].map((character) => `${prefix}x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

/** A word of the shell, any bytes but NUL. */
const quote = (value: string) => `$'${escapes(value, '\\')}'`;

/** What `printf %b` makes these bytes of, NUL included. */
const text = (value: string) => `'${escapes(value, '\\')}'`;
