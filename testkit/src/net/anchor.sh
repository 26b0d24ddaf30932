# Process 1 of a lab host: it holds the namespaces, adopts orphans (bash reaps them), and ends when its standard input
# closes, which the kernel does even when the test is killed. With it ends everything that runs in the host.
# Arguments: fresh|machine HOSTNAME [DIRECTORY...]
set -eu
trap '' TERM INT HUP
kind=$1
shift
hostname "$1"
ip link set lo up
if [ "$kind" = fresh ]; then
  . "${BASH_SOURCE[0]%/*}/fresh-root.sh"
else
  mount -t proc proc /proc
  mount -t sysfs -o ro sysfs /sys
  mount -t tmpfs -o mode=755 lab /run
fi
echo ready
while read -r _; do :; done
