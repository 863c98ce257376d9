#!/bin/sh
# usage: engine.sh SOLUTION_DIR WORKSPACE_DIR [DELETED_FILE...]
# Copies the solution over the workspace, deletes the files that it deletes, and
# reports one JSON line per step.
# Only cp and rm are needed besides the shell, so that it runs in the barest sandbox.
set -eu
LC_ALL=C

if [ $# -lt 2 ]; then
    echo "usage: engine.sh SOLUTION_DIR WORKSPACE_DIR [DELETED_FILE...]" >&2
    exit 2
fi

json_text() { # sets $text to $1 as the inside of a JSON string
    rest=$1 text=
    while [ -n "$rest" ]; do
        char=${rest%"${rest#?}"}
        rest=${rest#?}
        case $char in
            [\"\\]) text=$text\\$char ;;
            [[:cntrl:]]) text=$text$(printf '\\u%04x' "'$char") ;;
            *) text=$text$char ;;
        esac
    done
}

report() { # $1: folder, $2: its path inside the solution, empty or ending in /
    # Three patterns: together they match hidden names, but never . and ..
    for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        if [ -d "$entry" ] && [ ! -L "$entry" ]; then
            report "$entry" "$2${entry##*/}/"
        elif [ -f "$entry" ]; then
            json_text "$2${entry##*/}"
            printf '{"type":"copied","file":"%s"}\n' "$text"
        fi
    done
}

printf '{"type":"started"}\n'
cp -R -- "$1/." "$2/"
report "$1" ""
workspace=$2
shift 2
for file; do
    rm -- "$workspace/$file"
    json_text "$file"
    printf '{"type":"deleted","file":"%s"}\n' "$text"
done
printf '{"type":"finished"}\n'
