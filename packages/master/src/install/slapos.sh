#!/bin/sh
# Makes this machine a node of a SlapOS cloud. Run it as root: bash slapos
# Safe to repeat: it goes on where it stopped, keeps what is right, and upgrades a node without stopping its services.
set -eu

# Filled in by the Master that serves this script. Everything fetched is checked against these sums.
default_master_url='@MASTER_URL@'
default_master_url_web='@MASTER_URL_WEB@'
source_url='@SOURCE_URL@'
version='@VERSION@'
agent_sum='@AGENT_SUM@'
agent_size='@AGENT_SIZE@'
node_version='@NODE_VERSION@'
node_x64_sum='@NODE_X64_SUM@'
node_x64_binary_sum='@NODE_X64_BINARY_SUM@'
node_x64_size='@NODE_X64_SIZE@'
node_arm64_sum='@NODE_ARM64_SUM@'
node_arm64_binary_sum='@NODE_ARM64_BINARY_SUM@'
node_arm64_size='@NODE_ARM64_SIZE@'

prefix=/opt/slapos
configuration=/etc/opt/slapos/slapos.cfg
state=/var/opt/slapos
software_root=/opt/slapgrid
instance_root=/srv/slapgrid
log_directory=$prefix/log
pid_file=$state/agent.pid
# What each Debian package is recognised by.
packages='s6:/usr/bin/s6-svscan iproute2:/usr/sbin/ip nftables:/usr/sbin/nft util-linux:/usr/bin/setpriv passwd:/usr/sbin/useradd ca-certificates:/etc/ssl/certs/ca-certificates.crt'
need_memory_mib=450
need_disk_mib=1500

usage() {
  cat << 'END'
Usage: bash slapos [OPTION...]
Makes this machine a node of a SlapOS cloud. What is not given is asked.

  --master-url URL        the Master's API                  (SLAPOS_MASTER_URL)
  --master-url-web URL    the Master's web site             (SLAPOS_MASTER_URL_WEB)
  --name NAME             name of this computer             (SLAPOS_NAME)
  --token TOKEN           single-use token; rather use the environment or a file
                                                            (SLAPOS_TOKEN)
  --token-file FILE       read the token from a file        (SLAPOS_TOKEN_FILE)
  --interface-name NAME   interface of the partitions' addresses, default lo
                                                            (SLAPOS_INTERFACE_NAME)
  --partition-number N    how many partitions, default 10   (SLAPOS_PARTITION_NUMBER)
  --non-interactive       ask nothing                       (SLAPOS_NON_INTERACTIVE=1)
  --uninstall             remove the node, its services and their data
END
}

# --- Output in the form that people know -----------------------------------------------------------------------------

ok=0
changed=0
failed=0
task=''
finished=''

stars() { # stars TEXT: the text and stars up to 79 columns
  printf '%s ' "$1"
  left=$((79 - ${#1} - 1))
  while [ "$left" -gt 0 ]; do
    printf '*'
    left=$((left - 1))
  done
  printf '\n'
}

start() {
  task=$1
  printf '\n'
  stars "TASK [$1]"
}

done_ok() {
  ok=$((ok + 1))
  task=''
  printf 'ok: [127.0.0.1]%s\n' "${1:+ => $1}"
}

done_changed() {
  ok=$((ok + 1))
  changed=$((changed + 1))
  task=''
  printf 'changed: [127.0.0.1]%s\n' "${1:+ => $1}"
}

skipped() {
  task=''
  printf 'skipping: [127.0.0.1] => %s\n' "$1"
}

fail() {
  failed=1
  printf 'fatal: [127.0.0.1]: FAILED! => %s\n' "$1" >&2
  exit 1
}

refuse() {
  finished=refused
  printf 'slapos: %s\n' "$1" >&2
  exit 1
}

recap() {
  code=$?
  [ -z "${work:-}" ] || rm -rf "$work"
  [ "$finished" != refused ] || exit "$code"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
    printf 'fatal: [127.0.0.1]: FAILED! => %s\n' "${task:-the installation} ended with exit code $code" >&2
  fi
  printf '\n'
  stars 'PLAY RECAP'
  printf '%-26s : ok=%-4s changed=%-4s unreachable=%-4s failed=%s\n' 127.0.0.1 "$ok" "$changed" 0 "$failed"
  [ "$failed" -eq 0 ] || printf '\nRun it again when the cause is gone: it goes on from there.\n' >&2
  exit "$code"
}

# --- Options ---------------------------------------------------------------------------------------------------------

master_url=${SLAPOS_MASTER_URL:-}
master_url_web=${SLAPOS_MASTER_URL_WEB:-}
name=${SLAPOS_NAME:-}
token=${SLAPOS_TOKEN:-}
token_file=${SLAPOS_TOKEN_FILE:-}
interface_name=${SLAPOS_INTERFACE_NAME:-lo}
partition_number=${SLAPOS_PARTITION_NUMBER:-10}
interactive=yes
[ -z "${SLAPOS_NON_INTERACTIVE:-}" ] || interactive=''
uninstall=''
bare_token=''

need_value() { [ "$1" -ge 2 ] || refuse "$2 needs a value. See: bash slapos --help"; }

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --*=*)
        option=${1%%=*}
        value=${1#*=}
        shift
        set -- "$option" "$value" "$@"
        ;;
    esac
    case $1 in
      --master-url) need_value $# "$1"; master_url=$2; shift 2 ;;
      --master-url-web) need_value $# "$1"; master_url_web=$2; shift 2 ;;
      --name) need_value $# "$1"; name=$2; shift 2 ;;
      --token) need_value $# "$1"; token=$2; bare_token=yes; shift 2 ;;
      --token-file) need_value $# "$1"; token_file=$2; shift 2 ;;
      --interface-name) need_value $# "$1"; interface_name=$2; shift 2 ;;
      --partition-number) need_value $# "$1"; partition_number=$2; shift 2 ;;
      --non-interactive) interactive=''; shift ;;
      --uninstall) uninstall=yes; shift ;;
      -h | --help) usage; exit 0 ;;
      *) refuse "unknown option $1. See: bash slapos --help" ;;
    esac
  done
}

ask() { # ask VARIABLE QUESTION DEFAULT: the answer, or the default
  printf '%s [%s]: ' "$2" "$3"
  answer=''
  read -r answer || printf '\n'
  eval "$1=\${answer:-\$3}"
}

questions() {
  if [ -n "$interactive" ] && [ ! -e "$configuration" ]; then
    # Who brings the token got it from the Master that serves this script: nothing to ask about.
    if [ -z "$token" ]; then
      [ -n "$master_url" ] || ask master_url 'What is the url to the SlapOS Master API?' "$default_master_url"
      [ -n "$master_url_web" ] || ask master_url_web 'What is the url to the SlapOS Master Website?' "$default_master_url_web"
    fi
    [ -n "$name" ] || ask name 'What is this computer name?' noname
    [ -n "$token" ] || ask token 'If you have slapos token if you have?' notoken
  fi
  master_url=${master_url:-$default_master_url}
  master_url_web=${master_url_web:-$default_master_url_web}
  name=${name:-noname}
  token=${token:-notoken}
  if [ "$name" = noname ] && [ "$token" != notoken ]; then
    name=$(hostname)
    printf 'This computer has no name yet: it will be called %s.\n' "$name"
  fi
}

check_answers() {
  case $master_url$master_url_web in *[[:space:]\"\'\\]*) refuse 'a Master URL holds a space or a quote. Give it as https://HOST:PORT/' ;; esac
  for url in "$master_url" "$master_url_web"; do
    case $url in
      https://?* | http://?*) ;;
      *) refuse "'$url' is no URL. Give it as https://HOST:PORT/" ;;
    esac
  done
  case $partition_number in
    '' | *[!0-9]* | ????*) refuse "--partition-number expects 1 to 999, got '$partition_number'." ;;
  esac
  case $interface_name in
    '' | -* | *[!A-Za-z0-9_.@-]*) refuse "'$interface_name' is no interface. See: ip link" ;;
  esac
}

# What it starts may stay: it must not keep this script's lock.
slapos() { command slapos "$@" 9>&-; }

# --- Tasks -----------------------------------------------------------------------------------------------------------

check_machine() {
  [ "$(uname -s)" = Linux ] || refuse "this is $(uname -s): SlapOS nodes run on Debian 12 or 13."
  case $(uname -m) in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) refuse "this machine is $(uname -m): only x86_64 and aarch64 are supported." ;;
  esac
  distribution=''
  release=''
  if [ -r /etc/os-release ]; then
    distribution=$(. /etc/os-release && printf '%s' "${ID:-}")
    release=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
  fi
  case "$distribution $release" in
    'debian 12' | 'debian 13') ;;
    *) refuse "this is ${distribution:-an unknown system} ${release}: only Debian 12 and 13 are supported." ;;
  esac
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  [ "$memory" -ge "$need_memory_mib" ] ||
    refuse "this machine has $memory MiB of memory: a node needs $need_memory_mib MiB."
  for place in /opt /srv /var; do
    free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$need_disk_mib" ] ||
      refuse "$place has $free MiB free: a node needs $need_disk_mib MiB to begin with. Make room there."
  done
  case $arch in
    x64) node_sum=$node_x64_sum node_binary_sum=$node_x64_binary_sum node_size=$node_x64_size ;;
    arm64) node_sum=$node_arm64_sum node_binary_sum=$node_arm64_binary_sum node_size=$node_arm64_size ;;
  esac
  [ -n "$node_sum" ] || refuse "this Master has no Node.js for $arch. Its administrator adds it with: slapos master bundle add FILE"
}

install_packages() {
  missing=''
  for entry in $packages; do
    [ -e "${entry#*:}" ] || missing="$missing ${entry%%:*}"
  done
  [ -n "$missing" ] || { done_ok; return; }
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # one word a package
  apt-get install -y -qq --no-install-recommends $missing > "$work/apt" 2>&1 || {
    apt-get update -qq >> "$work/apt" 2>&1 || true
    apt-get install -y -qq --no-install-recommends $missing >> "$work/apt" 2>&1
  } || {
    tail -n 20 "$work/apt" >&2
    fail "apt-get could not install:$missing. Run 'apt-get install$missing' to see why."
  }
  done_changed "${missing# }"
}

sum_of() { sha256sum "$1" | cut -d ' ' -f 1; }

download() { # download URL FILE: goes on where an earlier try stopped. The sum is what is trusted, not the connection.
  if command -v wget > /dev/null; then
    wget --quiet --no-check-certificate --tries=5 --timeout=30 --waitretry=2 --retry-connrefused --continue -O "$2" "$1" 9>&-
  elif command -v curl > /dev/null; then
    curl --silent --show-error --fail --insecure --location --retry 5 --retry-delay 2 --retry-connrefused \
      --connect-timeout 30 --speed-limit 1 --speed-time 30 --continue-at - --output "$2" "$1" 9>&-
  else
    fail 'neither wget nor curl is installed. Run: apt-get install -y wget'
  fi
}

fetch() { # fetch SUM SIZE NAME: leaves the checked file in $fetched
  fetched=$cache/$1
  [ ! -f "$fetched" ] || [ "$(sum_of "$fetched")" = "$1" ] || rm -f "$fetched"
  [ ! -f "$fetched" ] || return 0
  mkdir -p "$cache"
  url=$source_url/install/bundle/$1/$3
  tries=0
  while :; do
    tries=$((tries + 1))
    if download "$url" "$fetched.part" && [ "$(sum_of "$fetched.part")" = "$1" ]; then break; fi
    # A complete file with another content can only be started over.
    [ ! -f "$fetched.part" ] || [ "$(stat -c %s "$fetched.part")" -lt "$2" ] || rm -f "$fetched.part"
    [ "$tries" -lt 4 ] || fail "cannot fetch $url with the content that this script expects. Check the network, or fetch a new script from the Master."
    sleep "$tries"
  done
  mv "$fetched.part" "$fetched"
}

install_node() {
  runtime=$prefix/runtime/node-$node_version-$(printf %.12s "$node_binary_sum")
  if [ -x "$runtime/bin/node" ]; then
    done_ok
    return
  fi
  fetch "$node_sum" "$node_size" "node-$node_version-$arch.gz"
  rm -rf "$runtime.tmp"
  mkdir -p "$runtime.tmp/bin"
  gzip -dc "$fetched" > "$runtime.tmp/bin/node"
  [ "$(sum_of "$runtime.tmp/bin/node")" = "$node_binary_sum" ] || fail 'Node.js was damaged while it was unpacked. Is the disk full?'
  chmod 755 "$runtime.tmp/bin/node"
  "$runtime.tmp/bin/node" --version > /dev/null || fail 'Node.js does not run on this machine, see above.'
  mv "$runtime.tmp" "$runtime"
  rm -f "$fetched"
  done_changed "$node_version"
}

install_agent() {
  agent=$prefix/agent/$version-$(printf %.12s "$agent_sum")
  if [ -x "$agent/bin/slapos" ]; then
    done_ok
    return
  fi
  fetch "$agent_sum" "$agent_size" "slapos-$version.tgz"
  rm -rf "$agent.tmp"
  mkdir -p "$agent.tmp"
  tar -xzf "$fetched" -C "$agent.tmp" --no-same-owner
  ln -s "$runtime" "$agent.tmp/runtime"
  mv "$agent.tmp" "$agent"
  rm -f "$fetched"
  done_changed "$version"
}

replace_link() { # replace_link TARGET LINK: at once, or not at all
  rm -f "$2.new"
  ln -s "$1" "$2.new"
  mv -T "$2.new" "$2"
}

activate() {
  activated=''
  if [ "$(readlink "$prefix/current" || true)" != "$agent" ]; then
    replace_link "$agent" "$prefix/current"
    activated=yes
  fi
  if [ "$(readlink /usr/bin/slapos || true)" != "$prefix/current/bin/slapos" ]; then
    [ ! -e /usr/bin/slapos ] || [ -L /usr/bin/slapos ] || fail '/usr/bin/slapos belongs to another installation of SlapOS. Remove it first (apt-get purge slapos-node).'
    replace_link "$prefix/current/bin/slapos" /usr/bin/slapos
    activated=yes
  fi
  slapos --version > /dev/null || fail 'the slapos command does not start, see above.'
  # The version before this one stays, to go back to; older ones go.
  for old in $(ls -td "$prefix"/agent/*/ 2> /dev/null | tail -n +3); do
    [ "${old%/}" = "$agent" ] || rm -rf "${old%/}"
  done
  if [ -n "$activated" ]; then done_changed; else done_ok; fi
}

register() {
  if [ -e "$configuration" ]; then
    done_ok "already configured: $configuration is kept"
    return
  fi
  if [ "$name" = noname ] || [ "$token" = notoken ]; then
    skipped 'no name or no token was given. Run it again with both when you have them.'
    return
  fi
  # In its environment the token is for root's eyes only; in its arguments it would be for everybody's.
  SLAPOS_TOKEN=$token command slapos node register "$name" --master-url "$master_url" --master-url-web "$master_url_web" \
    --interface-name "$interface_name" --partition-number "$partition_number" 9>&- ||
    fail 'the Master did not register this computer, see above.'
  done_changed
}

has_systemd() { [ -d /run/systemd/system ]; }

write_unit() { # write_unit NAME: from standard input; true when it changed
  cat > "$work/unit"
  ! cmp -s "$work/unit" "/etc/systemd/system/$1" || return 1
  cp "$work/unit" "/etc/systemd/system/$1"
}

install_services() {
  if [ ! -e "$configuration" ]; then
    skipped 'not registered yet'
    return
  fi
  mkdir -p "$log_directory" "$state"
  if ! has_systemd; then
    skipped 'systemd does not run here'
    return
  fi
  written=''
  # Two units: the processes of partitions do not depend on the agent, and a broken agent still leaves them a boot.
  write_unit slapos-services.service << END && written=yes
[Unit]
Description=SlapOS services of this node
After=network.target
ConditionPathExists=$state/supervise/start-scanner

[Service]
ExecStart=$state/supervise/start-scanner
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec=60
TasksMax=infinity
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
END
  write_unit slapos-node.service << END && written=yes
[Unit]
Description=SlapOS node agent
After=network.target slapos-services.service
Wants=slapos-services.service

[Service]
ExecStartPre=-/usr/bin/slapos node boot
ExecStart=/usr/bin/slapos node agent
Restart=always
RestartSec=2
KillMode=process
TasksMax=infinity
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
END
  if [ -n "$written" ]; then
    systemctl daemon-reload
    systemctl enable --quiet slapos-services.service slapos-node.service
    done_changed
  else
    done_ok
  fi
}

agent_pid() { # the agent that this script started: never another process that got its number
  pid=$(cat "$pid_file" 2> /dev/null) && [ -n "$pid" ] && tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q ' node agent' && printf '%s' "$pid"
}

stop_agent() {
  if has_systemd; then
    systemctl stop slapos-node.service 2> /dev/null || true
  fi
  if pid=$(agent_pid); then
    kill "$pid" 2> /dev/null || true
    for _ in $(seq 100); do
      [ -d "/proc/$pid" ] || break
      sleep 0.1
    done
    kill -9 "$pid" 2> /dev/null || true
  fi
  rm -f "$pid_file"
}

start_agent() {
  if [ ! -e "$configuration" ]; then
    skipped 'not registered yet'
    return
  fi
  if has_systemd; then
    if [ -z "$activated" ] && systemctl is-active --quiet slapos-node.service; then
      done_ok
      return
    fi
    systemctl restart slapos-node.service || fail 'the agent does not start. See: journalctl -u slapos-node'
  else
    if [ -z "$activated" ] && agent_pid > /dev/null; then
      done_ok
      return
    fi
    stop_agent
    setsid -f sh -c 'echo $$ > "$1" && exec /usr/bin/slapos node agent' slapos "$pid_file" \
      < /dev/null >> "$log_directory/slapos-node-agent.log" 2>&1 9>&-
  fi
  done_changed
}

format() {
  if [ ! -e "$configuration" ]; then
    skipped 'not registered yet'
    return
  fi
  before=$(cat "$prefix/slapos.xml" 2> /dev/null || true)
  slapos node format --now || fail 'the computer could not be formatted, see above.'
  if [ "$before" = "$(cat "$prefix/slapos.xml" 2> /dev/null || true)" ]; then done_ok; else done_changed; fi
}

wait_for_agent() {
  if [ ! -e "$configuration" ]; then
    skipped 'not registered yet'
    return
  fi
  for _ in $(seq 150); do
    status=$(slapos node 2> /dev/null || true)
    case $status in
      *watchdog*RUNNING*)
        done_ok
        return
        ;;
    esac
    sleep 0.2
  done
  fail "the agent does not answer. See $log_directory and: slapos node"
}

# --- Uninstallation --------------------------------------------------------------------------------------------------

ours() { # process numbers that run from, in, or for the node's directories, or as one of its users
  users=" $(awk -F: -v software="$software_root" -v instances="$instance_root/" \
    '$6 == software || index($6, instances) == 1 || $1 ~ /^slapos/ { printf "%s ", $3 }' /etc/passwd)"
  for process in /proc/[0-9]*; do
    number=${process#/proc/}
    [ "$number" != $$ ] || continue
    mine=''
    case $(readlink "$process/exe" 2> /dev/null || true) in
      "$prefix"/* | "$state"/* | "$software_root"/* | "$instance_root"/*) mine=yes ;;
    esac
    case $(tr '\0' ' ' < "$process/cmdline" 2> /dev/null || true) in
      *" $state/"* | *" $prefix/runtime/"*) mine=yes ;;
    esac
    case $users in *" $(stat -c %u "$process" 2> /dev/null || echo none) "*) mine=yes ;; esac
    # Somebody's shell may stand in such a directory: that has a terminal, services have none.
    if [ -z "$mine" ] && [ "$(sed 's/.*) //' "$process/stat" 2> /dev/null | cut -d ' ' -f 5)" = 0 ]; then
      case $(readlink "$process/cwd" 2> /dev/null || true) in
        "$state"/* | "$software_root"/* | "$instance_root"/*) mine=yes ;;
      esac
    fi
    [ -z "$mine" ] || printf '%s\n' "$number"
  done
}

remove_node() {
  if [ -n "$interactive" ]; then
    printf 'This removes the node, its services and all their data from this machine. Type yes to go on: '
    read -r answer || answer=''
    [ "$answer" = yes ] || refuse 'nothing was removed.'
  fi
  start 'Stop the agent'
  stop_agent
  done_ok
  start 'Stop the services'
  if has_systemd; then systemctl stop slapos-services.service 2> /dev/null || true; fi
  # The scanner first, or it starts again what ends.
  tries=0
  while left=$(ours) && [ -n "$left" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || fail "these processes do not end: $(echo "$left" | tr '\n' ' ')"
    if [ "$tries" -gt 20 ]; then signal=KILL; else signal=TERM; fi
    # shellcheck disable=SC2086 # one word a process
    kill -$signal $left 2> /dev/null || true
    sleep 0.1
  done
  done_changed
  start 'Remove addresses and firewall rules'
  if [ -r "$prefix/slapos.xml" ] || [ -d "$instance_root" ]; then
    known=$(cat "$prefix/slapos.xml" "$instance_root"/*/.slapos-resource 2> /dev/null | tr -c '0-9a-fA-F.:' '\n' | grep -E '^10\.|:.*:' | sort -u || true)
    ip -o address show | awk '{ print $2, $4 }' | while read -r device address; do
      for one in $known; do
        [ "${address%/*}" != "$one" ] || [ "$one" = ::1 ] || ip address del "$address" dev "$device" 2> /dev/null || true
      done
    done
  fi
  nft list tables 2> /dev/null | awk '$3 ~ /^slapos/ { print $2, $3 }' | while read -r family table; do
    nft delete table "$family" "$table"
  done
  done_changed
  start 'Remove users'
  awk -F: -v software="$software_root" -v instances="$instance_root/" \
    '$6 == software || index($6, instances) == 1 { print $1 }' /etc/passwd > "$work/users"
  while read -r user; do
    userdel "$user" 2> /dev/null || true
    ! grep -q "^$user:" /etc/group || groupdel "$user" 2> /dev/null || true
  done < "$work/users"
  if grep -q '^slapos' /etc/passwd; then
    for user in $(awk -F: '/^slapos/ { print $1 }' /etc/passwd); do userdel "$user" 2> /dev/null || true; done
  fi
  if [ -s "$work/users" ]; then done_changed; else done_ok; fi
  start 'Remove files'
  if has_systemd; then
    systemctl disable --quiet slapos-node.service slapos-services.service 2> /dev/null || true
    rm -f /etc/systemd/system/slapos-node.service /etc/systemd/system/slapos-services.service
    systemctl daemon-reload
  fi
  rm -rf "$software_root" "$instance_root" "$state" "$prefix" /etc/opt/slapos /etc/opt/slapos.old /etc/opt/slapos.old.*
  rm -f /usr/bin/slapos
  done_changed
  printf '\nThe Master still lists this computer: remove it there if it will not come back.\n'
}

# --- Main ------------------------------------------------------------------------------------------------------------

main() {
  parse "$@"
  if [ -n "$bare_token" ]; then
    # An argument is for everybody to see: from here on the token is in the environment, where only root can look.
    export SLAPOS_TOKEN="$token" SLAPOS_NAME="$name" SLAPOS_MASTER_URL="$master_url" SLAPOS_MASTER_URL_WEB="$master_url_web"
    export SLAPOS_INTERFACE_NAME="$interface_name" SLAPOS_PARTITION_NUMBER="$partition_number"
    [ -n "$interactive" ] || export SLAPOS_NON_INTERACTIVE=1
    exec sh "$0"
  fi
  unset SLAPOS_TOKEN
  [ "$(id -u)" = 0 ] || refuse 'this needs root. Run: sudo bash slapos'
  umask 022
  export LC_ALL=C
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  if [ -n "$token_file" ] && [ -z "$token" ]; then
    token=$(cat -- "$token_file") || refuse "cannot read the token from $token_file."
  fi
  [ -n "$uninstall" ] || {
    check_machine
    questions
    check_answers
  }
  # Two installations at the same time would step on each other.
  exec 9> /run/slapos-install.lock
  flock -n 9 || refuse 'another installation runs on this machine. Wait for its end.'
  work=$(mktemp -d)
  trap recap EXIT
  trap 'exit 130' INT TERM HUP
  if [ -n "$uninstall" ]; then
    remove_node
    rm -f /run/slapos-install.lock
    return
  fi
  cache=$prefix/.cache
  printf '\n'
  stars "PLAY [SlapOS $version]"
  start 'Check this machine'
  done_ok "Debian $release, $arch, $memory MiB of memory"
  start 'Install Debian packages'
  install_packages
  start "Install Node.js $node_version"
  install_node
  start "Install SlapOS $version"
  install_agent
  start 'Use it'
  activate
  start 'Register this computer'
  register
  start 'Set services up'
  install_services
  start 'Start the agent'
  start_agent
  start 'Format this computer'
  format
  start 'Wait for the agent'
  wait_for_agent
  rm -rf "$cache"
  if [ -e "$configuration" ] && ! has_systemd; then
    printf '\nsystemd does not run here. After a restart of this machine, start the node with:\n  slapos node boot; setsid -f slapos node agent\n'
  fi
}

main "$@"
