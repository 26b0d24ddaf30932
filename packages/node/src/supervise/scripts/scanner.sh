#!/bin/sh
# scanner.sh BASE CGROUPS [stop]: runs the scanner of a supervision directory; the machine's init or the agent starts it.
# Answers 0 at once when one is running; under systemd, which would try again, it waits to be the next one instead.
# `stop`, of systemd: ends it and every service, until somebody starts it again.
set -u
base=$1 cgroups=${2:-}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
cd "$base/scan" || exit 1
if [ "${3:-}" = stop ]; then
  # The unit is not being stopped: its process ended by itself, and services have nothing to do with that.
  [ -n "${MAINPID:-}" ] || exit 0
  s6-svscanctl -t . 2>/dev/null
  # Supervises that outlived an earlier scanner do not hear this one.
  for service in "$base"/services/*; do
    if s6-svok "$service" 2>/dev/null; then s6-svc -dx "$service"; fi
  done
  exit 0
fi

while s6-svscanctl -z . 2>/dev/null; do
  [ -n "${INVOCATION_ID:-}" ] || exit 0
  sleep 2
done

# Supervises that outlived their scanner keep serving; a second one each would only fail on their lock every second.
# They get their link back when they end. No supervise outlives the machine, so this costs nothing at boot.
read -r boot </proc/sys/kernel/random/boot_id
last=''
[ ! -r "$base/scanner-boot" ] || read -r last <"$base/scanner-boot"
if [ "$boot" = "$last" ]; then
  for link in *; do
    if s6-svok "$link" 2>/dev/null; then rm -f "$link"; fi
  done
fi
echo "$boot" >"$base/scanner-boot"

# Out of the group of whoever started us: an init that ends that one must not end every service.
if [ -n "$cgroups" ] && mkdir -p "$cgroups/:scanner" 2>/dev/null; then
  { echo "$$" >"$cgroups/:scanner/cgroup.procs"; } 2>/dev/null
fi

exec </dev/null 1<>"$base/services/::scanner/pipe" 2>&1
exec env -i "PATH=$PATH" s6-svscan -c 16000 .
