#!/bin/bash
# Installs the package that tools/deb made, runs the shop of it, and purges it: in a copy of this system
# that is thrown away (an overlay, which needs root), so that nothing of it is left here.
#
#   test/deb/package.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ $(id -u) == 0 ]] || {
    echo "Installing a package needs root." >&2
    exit 1
}
package=$(realpath build-deb/benchpin_*.deb)
top=$(mktemp -d "${TMPDIR:-/tmp}/benchpin-deb.XXXXXX")
server=

# shellcheck disable=SC2317 # called by the trap
end() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    mountpoint -q "$top/root/proc" && umount -l "$top/root/proc"
    mountpoint -q "$top/root/dev" && umount -l "$top/root/dev"
    mountpoint -q "$top/root" && umount -l "$top/root"
    rm -rf "$top"
}
trap end EXIT
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
mount -t proc proc "$top/root/proc"
mount --bind /dev "$top/root/dev"
printf '#!/bin/sh\nexit 101\n' >"$top/root/usr/sbin/policy-rc.d" # no service is started in a copy
chmod 755 "$top/root/usr/sbin/policy-rc.d"
cp "$package" "$top/root/benchpin.deb"
inside() { chroot "$top/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_service() { inside setpriv --reuid benchpin --regid benchpin --clear-groups "$@"; }
fail() {
    echo "not ok - $1" >&2
    exit 1
}
# What packages may bring, besides what the package manager keeps of its own work.
everything() { inside find /boot /etc /opt /srv /usr /var -xdev \
    \( -path /var/lib/dpkg -o -path /var/cache -o -path /var/log -o -path /var/tmp \) -prune -o -print | sort; }

before=$(everything)
inside dpkg --install /benchpin.deb >/dev/null || fail "it installs"
[[ $(inside stat -c %U:%a /var/lib/benchpin) == benchpin:700 ]] || fail "the shop's folder is its own"
inside systemd-analyze verify /lib/systemd/system/benchpin.service 2>&1 |
    grep -i benchpin && fail "systemd understands the units"
exposure=$(inside systemd-analyze security --offline=yes benchpin.service | sed -n 's/.*exposure level for.*: \([0-9.]*\).*/\1/p')
awk "BEGIN { exit !(\"$exposure\" != \"\" && $exposure < 2.5) }" || fail "the service is closed off: $exposure"

# As systemd would: the socket is there first, and the service takes it over.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'morning-light-42\n' >"$top/root/password"
chmod 644 "$top/root/password"
as_service benchpin init --data /var/lib/benchpin --shop Hartwell --country GB --currency GBP --zone Europe/London \
    --owner Imogen --email imogen@example.com --password-file /password >/dev/null || fail "a shop is set up"
# Each of these becomes the next, so that the process to end is the server itself.
chroot "$top/root" env -i PATH=/usr/bin setpriv --reuid benchpin --regid benchpin --clear-groups \
    systemd-socket-activate --listen="127.0.0.1:$port" benchpin serve --data /var/lib/benchpin \
    --backup-to /var/backups/benchpin >"$top/log" 2>&1 &
server=$!
for ((i = 0; i < 100; i++)); do
    curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
    sleep 0.1
done
curl -fsS "http://127.0.0.1:$port/sign-in" | grep -q "<form" || fail "it serves: $(cat "$top/log")"
kill "$server"
wait "$server" || fail "it ends well: $(cat "$top/log")"
server=

inside dpkg --purge benchpin >/dev/null || fail "it purges"
kept=$(inside find /var/backups/benchpin -name MANIFEST)
[[ $kept == /var/backups/benchpin/removed-*/MANIFEST ]] || fail "the shop as it was is kept"
inside rm -rf /var/backups/benchpin /password
left=$(comm -13 <(printf '%s\n' "$before") <(everything) | grep -v '^/etc/[a-z]*-$' || true)
[[ -z $left ]] || fail "nothing is left: $left"
gone=$(comm -23 <(printf '%s\n' "$before") <(everything))
[[ -z $gone ]] || fail "nothing else is gone: $gone"
! inside getent passwd benchpin >/dev/null || fail "the user is gone"
echo "ok - it installs, runs (exposure $exposure), leaves a backup and purges cleanly"
