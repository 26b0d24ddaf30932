# Builds, inside its own mount namespace, the file system of a freshly installed Debian machine, and enters it.
# The machine's own /usr, /etc and package database lie below as read-only layers; everything written goes to memory
# and vanishes with the namespace. Arguments: HOSTNAME [DIRECTORY...], directories of the machine to show read-only.
set -eu
name=$1
shift
base=/mnt
root=$base/root

layer() { # layer DIRECTORY: an overlay over the machine's directory
  mkdir -p "$base/layers$1/upper" "$base/layers$1/work" "$root$1"
  mount -t overlay lab -o "lowerdir=$1,upperdir=$base/layers$1/upper,workdir=$base/layers$1/work" "$root$1"
}

mount -t tmpfs -o mode=755 lab $base
mkdir -m 755 $root
mount --bind $root $root
cd $root
for link in bin sbin lib lib64; do
  [ -L /$link ] && ln -s "$(readlink /$link)" $link
done
mkdir -m 755 -p boot dev etc home media mnt opt proc run srv sys usr var/backups \
  var/cache/apt/archives/partial var/lib var/local var/log var/mail var/opt var/spool
mkdir -m 700 root
mkdir -m 1777 tmp var/tmp
ln -s /run var/run
ln -s /run/lock var/lock
layer /usr
layer /etc
layer /var/lib/dpkg
layer /var/lib/apt
mount -t tmpfs -o mode=755 lab usr/local

# No Node.js of the machine.
rm -f usr/bin/node usr/bin/nodejs usr/bin/npm usr/bin/npx

# Accounts, names and settings as the Debian installer leaves them.
rm -rf etc/opt etc/slapos etc/re6stnet etc/hostname etc/hosts etc/resolv.conf etc/machine-id
mkdir etc/opt
cp usr/share/base-passwd/passwd.master etc/passwd
cp usr/share/base-passwd/group.master etc/group
printf '_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\n' >> etc/passwd
awk -F: '{ print $1 ":*:19000:0:99999:7:::" }' etc/passwd > etc/shadow
awk -F: '{ print $1 ":*::" }' etc/group > etc/gshadow
chmod 640 etc/shadow etc/gshadow
: > etc/subuid
: > etc/subgid
: > etc/resolv.conf
printf '%s\n' "$name" > etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$name" > etc/hosts
tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id

mount -t tmpfs -o mode=755 lab dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir -p dev/net dev/pts dev/shm
mknod -m 600 dev/net/tun c 10 200
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 lab dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=1777 lab dev/shm
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 lab run
mkdir -m 1777 run/lock

for shown; do
  mkdir -p "$root$shown"
  mount --rbind "$shown" "$root$shown"
  mount -o remount,bind,ro "$root$shown"
done

mkdir old
pivot_root . old
umount -l /old
rmdir /old
cd /
