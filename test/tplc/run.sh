#!/bin/sh
# Tests of the template compiler: run.sh [TPLC [CC]]. Speaks TAP.
#
# good/NAME.html is compiled, linked with harness.c and the real escapers, and must print good/NAME.out.
# bad/NAME.html must be refused. Its first line says how: `{{# 3: words }}` by tplc at line 3 with these
# words, `{{# cc 3: words }}` by the C compiler at that line of the template.
export LC_ALL=C
tplc=${1:-$BENCHPIN_TREE/tools/tplc}
cc=${2:-cc}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Wshadow -I$root/src -I$work"
count=0
failures=0

result() { # status name [explanation]
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        failures=$((failures + 1))
        echo "not ok $count - $2"
        [ -z "$3" ] || echo "$3" | sed 's/^/# /'
    fi
}

for tool in "buf:base/buf.c" "escape:view/escape.c"; do
    $cc $flags -c "$root/src/${tool#*:}" -o "$work/${tool%%:*}.o" || exit 1
done

for template in "$here"/good/*.html; do
    name=$(basename "$template" .html)
    dir=$work/$name
    mkdir "$dir"
    said=$("$tplc" "$template" "$dir/good.c" "$dir/good.html.h" "test/$name.html" 2>&1 &&
        $cc $flags -I"$here" -I"$dir" "$dir/good.c" "$here/harness.c" "$work/buf.o" "$work/escape.o" \
            -o "$dir/good" 2>&1 && "$dir/good" 2>&1 >"$dir/out" && diff "$here/good/$name.out" "$dir/out")
    result $? "$name prints what it should" "$said"
done

for template in "$here"/bad/*.html; do
    name=$(basename "$template" .html)
    rule=$(sed -n '1s/{{# *\(.*[^ ]\) *}}$/\1/p' "$template")
    from_cc=${rule%%[0-9]*}
    rule=${rule#cc }
    line=${rule%%:*}
    words=${rule#*: }
    said=$("$tplc" "$template" "$work/bad.c" "$work/bad.html.h" "test/$name.html" 2>&1)
    status=$?
    if [ -n "$from_cc" ] && [ $status = 0 ]; then
        said=$($cc $flags -I"$here" -fsyntax-only "$work/bad.c" 2>&1)
        status=$?
    elif [ -n "$from_cc" ]; then
        status=0
    fi
    found=1
    [ $status != 0 ] && echo "$said" | grep "$name\.html:$line:.*error: " | grep -qF -- "$words" && found=0
    result $found "$name is refused at line $line" "$said"
done

echo "1..$count"
[ $failures = 0 ]
