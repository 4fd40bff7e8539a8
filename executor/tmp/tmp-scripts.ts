/*
 * What runs behind the wall, as the session's user, with GNU's find, sort and tar. Their first argument is the folder. A
 * container's /tmp may have entries of others.
 */

/**
 * Prints an archive of what the user has there, the same for the same files, and nothing when that is nothing. Sockets are left out,
 * and what its own user may not read. Holes of files are not read, as a hole may be larger than /tmp.
 */
export const archiveScript = `cd "$1" && [ -n "$(find . -mindepth 1 -maxdepth 1 -user "$(id -u)" -print -quit)" ] || exit 0
find . -mindepth 1 -maxdepth 1 -user "$(id -u)" -print0 | sort --zero-terminated | exec tar --create --null --files-from=- --sort=name \\
  --format=posix --pax-option='exthdr.name=%d/%f,delete=atime,delete=ctime' --sparse --one-file-system --ignore-failed-read`;

/**
 * Empties it, and then has what is in an archive, the second argument, where there is one. Folders that their own user may not
 * write are opened first.
 */
export const restoreScript = `own=$(id -u)
find "$1" -mindepth 1 -user "$own" -type d ! -perm -700 -exec chmod u+rwx {} \\; -prune
find "$1" -mindepth 1 -maxdepth 1 -user "$own" -exec rm -rf {} +
[ -z "$2" ] || exec tar --extract --gzip --preserve-permissions --no-same-owner --delay-directory-restore \\
  --directory="$1" --file="$2"`;
