# Runs as process 1 of a machine that boots: hands over to systemd, on the files of the lab host in which it was started.
# They stay when the machine loses its power; what is in memory (/run) does not.
set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t tmpfs -o mode=755 lab /run
mkdir -m 1777 /run/lock
# Nothing but what a new Debian machine starts: the services of the machine that runs the tests are none of its own.
if [ ! -e /var/lib/lab-booted ]; then
  rm -rf /etc/systemd/system/*.wants
  touch /var/lib/lab-booted
fi
exec env -i PATH=/usr/sbin:/usr/bin container=lab TERM=dumb /lib/systemd/systemd --system --unit=multi-user.target
