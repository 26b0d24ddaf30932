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
  userland=$(dpkg --print-architecture 2> /dev/null || echo none)
  case "$arch $userland" in
    'x64 amd64' | 'arm64 arm64') ;;
    *) refuse "the kernel of this machine is $(uname -m) and its packages are $userland: only a pure amd64 or arm64 Debian is supported." ;;
  esac
  kernel=$(uname -r)
  kernel_major=${kernel%%.*}
  kernel_minor=${kernel#*.}
  kernel_minor=${kernel_minor%%[!0-9]*}
  [ "$((kernel_major * 1000 + ${kernel_minor:-0}))" -ge "$need_kernel" ] ||
    refuse "the kernel of this machine is $kernel: a node needs $((need_kernel / 1000)).$((need_kernel % 1000)) or newer. A container has the kernel of its host."
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
  [ -n "$node_sum" ] || refuse "this Master has no Node.js for $arch. Its administrator makes a bundle on a machine that has it: sh scripts/bundle"
}

answers() { # answers URL: something speaks there, whatever it says
  if command -v wget > /dev/null; then
    timeout 12 wget --quiet --no-check-certificate --tries=1 --timeout=10 -O /dev/null "$1" || case $? in 6 | 8) ;; *) return 1 ;; esac
  elif command -v curl > /dev/null; then
    curl --silent --insecure --max-time 12 --output /dev/null "$1"
  else
    refuse 'neither wget nor curl is installed. Run: apt-get install -y wget'
  fi
}

check_master() { # before anything is changed, and not one after the other: a firewall that drops takes its time
  urls=$source_url/
  [ -e "$configuration" ] || [ "$token" = notoken ] || urls="$master_url $master_url_web $urls"
  asked=''
  for url in $urls; do
    case " $asked " in *" $url "*) continue ;; esac
    asked="$asked $url"
    answers "$url" &
    set -- "$@" "$!"
  done
  for url in $asked; do
    wait "$1" || refuse "nothing answers at $url within 12 seconds. Check the address, the name, and that no firewall keeps this machine from it; then run this again. Nothing was changed."
    shift
  done
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

write_init_script() { # for machines with another init; true when it changed
  cat > "$work/init" << 'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides:          slapos-node
# Required-Start:    $local_fs $remote_fs $network
# Required-Stop:     $local_fs $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: SlapOS node: addresses, services of partitions, agent
### END INIT INFO
# Safe to repeat: what runs is left alone. The end of the agent stops no service.
case ${1:-} in
  start | restart | force-reload)
    /usr/bin/slapos node boot
    exec /usr/bin/slapos node keep
    ;;
  stop) exec /usr/bin/slapos node stop watchdog ;;
  status) exec /usr/bin/slapos node status watchdog ;;
  *)
    echo "Usage: $0 start|stop|restart|status" >&2
    exit 2
    ;;
esac
END
  ! cmp -s "$work/init" "$init_script" || return 1
  cp "$work/init" "$init_script"
  chmod 755 "$init_script"
  [ ! -x /usr/sbin/update-rc.d ] || /usr/sbin/update-rc.d slapos-node defaults > /dev/null 2>&1 || true
}

install_services() {
  if [ ! -e "$configuration" ]; then
    skipped 'not registered yet'
    return
  fi
  mkdir -p "$log_directory" "$state"
  written=''
  if ! has_systemd; then
    write_init_script && written=yes
    if [ -n "$written" ]; then done_changed "$init_script"; else done_ok; fi
    return
  fi
  # Two units: the processes of partitions do not depend on the agent, and a broken agent still leaves them a boot.
  write_unit slapos-services.service << END && written=yes
[Unit]
Description=SlapOS services of this node
After=network.target
ConditionPathExists=$state/supervise/start-scanner
# However often it fails, it is tried again.
StartLimitIntervalSec=0

[Service]
ExecStart=$state/supervise/start-scanner
ExecStop=$state/supervise/start-scanner stop
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
StartLimitIntervalSec=0

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

detached_agent() { # the agent that an earlier version of this script started: never another process that got its number
  pid=$(cat "$state/agent.pid" 2> /dev/null) && [ -n "$pid" ] && tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q ' node agent' && printf '%s' "$pid"
}

stop_agent() {
  if has_systemd; then
    systemctl stop slapos-node.service 2> /dev/null || true
  elif [ -e "$init_script" ]; then
    slapos node stop watchdog > /dev/null 2>&1 || true
  fi
  if pid=$(detached_agent); then
    kill "$pid" 2> /dev/null || true
    for _ in $(seq 100); do
      [ -d "/proc/$pid" ] || break
      sleep 0.1
    done
    kill -9 "$pid" 2> /dev/null || true
  fi
  rm -f "$state/agent.pid"
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
    [ ! -e "$state/agent.pid" ] || stop_agent
    slapos node keep > "$work/keep" 2>&1 || {
      cat "$work/keep" >&2
      fail 'the agent does not start, see above.'
    }
    if grep -q 'as before$' "$work/keep"; then
      done_ok
      return
    fi
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

