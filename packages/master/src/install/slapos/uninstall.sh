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

remove_groups() { # the node's own control groups, of every hierarchy: they are named after its records
  group=slapos-$(printf '%s' "$state/supervise" | sha256sum | cut -c 1-8)
  awk '$3 ~ /^cgroup/ { print $2 }' /proc/mounts | while read -r hierarchy; do
    [ ! -d "$hierarchy/$group" ] || find "$hierarchy/$group" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
}

remove_ranges() { # IPv6 networks of partitions, and the kernel's setting for them unless somebody else set it
  ip -6 route show table local type local dev lo 2> /dev/null | awk '{ print $2 }' | grep / | while read -r network; do
    ! grep -qsF ">$network<" "$prefix/slapos.xml" || ip -6 route del local "$network" dev lo table local 2> /dev/null || true
  done
  grep -qs ip_nonlocal_bind /etc/sysctl.conf /etc/sysctl.d/* ||
    { echo 0 > /proc/sys/net/ipv6/ip_nonlocal_bind; } 2> /dev/null || true
}

say_goodbye() { # The Master may be gone for good: this is no reason to keep the node.
  if [ ! -e "$configuration" ]; then
    skipped 'not registered'
    return
  fi
  if slapos node leave > "$work/leave" 2>&1; then
    done_changed "$(sed -n '$s/^[-0-9]* [0-9:]* slapos\[[0-9]*\] [A-Z]* //p' "$work/leave")"
  else
    goodbye=$(sed -n '$s/^slapos: //p' "$work/leave")
    skipped "$goodbye"
  fi
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
  start 'Tell the Master'
  say_goodbye
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
  remove_groups
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
  remove_ranges
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
  rm -f /usr/bin/slapos "$init_script"
  [ ! -x /usr/sbin/update-rc.d ] || /usr/sbin/update-rc.d slapos-node remove > /dev/null 2>&1 || true
  done_changed
  [ -z "${goodbye:-}" ] || printf '\n%s\n' "$goodbye"
}

