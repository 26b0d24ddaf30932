# Boots systemd in a lab host that has the files of a fresh machine: in process, mount, IPC and cgroup namespaces of its own,
# so that a restart of the machine is their end and another boot on the same files. Argument: name of its cgroup.
set -eu
# Its part of the machine's unified cgroup tree, as the whole tree of its own.
mount -t cgroup2 none /mnt
mkdir -p "/mnt/$1"
echo 0 > "/mnt/$1/cgroup.procs"
umount /mnt
units=/etc/systemd/system
if [ ! -L $units/systemd-sysctl.service ]; then
  # The first boot. What this machine has enabled is not the host's business, and nothing of the host may reach this machine:
  # no kernel settings, no modules, no file systems of the kernel.
  rm -rf $units/*.wants $units/dbus-org.*
  for unit in systemd-sysctl.service systemd-modules-load.service systemd-update-utmp.service getty.target \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount; do
    ln -sf /dev/null $units/$unit
  done
fi
exec unshare --pid --mount --ipc --cgroup --fork --kill-child --propagation private -- sh -eu -c '
  mount -t proc proc /proc
  mount -t tmpfs -o mode=755 lab /run
  mkdir -m 1777 /run/lock
  mount -t tmpfs -o mode=1777 lab /tmp
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  cat /proc/sys/kernel/random/uuid > /run/boot_id
  mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
  exec env -i PATH="$PATH" LANG=C.UTF-8 container=lab /lib/systemd/systemd --system --unit=multi-user.target \
    --log-target=journal --show-status=false < /dev/null'
