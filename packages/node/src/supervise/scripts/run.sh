# The prologue of every service and one-shot, sourced by its `run`. Beside common.sh's it uses: limit_groups, cgroups
# that count only while they are there; launch_as, a command that becomes the right user and runs `launch`.
umask 077
service=$base/services/$id
# Opened for reading too: the service never sees its log end, nor waits, when the logger is replaced.
exec </dev/null 1<>"$service:log/pipe" 2>&1
. "$runtime/common.sh"

read_record
read -r boot_now </proc/sys/kernel/random/boot_id

# The fence. A run that did not end in `finish` lost its supervise, and its processes may still be there.
if [ "$phase" = running ] && [ "$boot" = "$boot_now" ]; then
  start_of "$pid"
  # Another process may have that number now: the session is ours only while its leader is.
  if [ "$ticks" = "$start" ]; then session=$pid; else session=''; fi
  sweep "$session" "$stop_seconds"
fi

if [ "$was" != "$generation" ]; then
  failures=0 restarts=0
elif [ -e "$service/asked" ]; then
  failures=0
elif [ -n "$phase" ] && [ "$boot" = "$boot_now" ]; then
  restarts=$((restarts + 1))
fi
[ ! -e "$service/asked" ] || rm -f "$service/asked"
pid=$$ boot=$boot_now contained=''
start_of "$pid"
start=$ticks
uptime_seconds
began=$seconds

# 0, 2, 4... up to 60 s, beside the second that s6 waits itself.
if [ "$kind" = service ] && [ "$failures" -ge 2 ]; then
  delay=60
  [ "$failures" -gt 6 ] || delay=$((1 << (failures - 1)))
  write_record backoff "delay=$delay" "exit=$code" "signal=$signal"
  sleep "$delay" &
  sleeper=$!
  trap 'kill "$sleeper"; exit 0' HUP INT QUIT TERM USR1 USR2
  wait "$sleeper"
  trap - HUP INT QUIT TERM USR1 USR2
  uptime_seconds
  began=$seconds
fi

# The kernel forgets cgroups at each boot; where we may make none, session and mark serve.
if [ -n "$cgroup" ] && { [ -d "$cgroup" ] || mkdir -p "$cgroup"; } 2>/dev/null; then
  if { echo "$$" >"$cgroup/cgroup.procs"; } 2>/dev/null; then
    contained=$cgroup
  fi
fi
for group in $limit_groups; do
  [ ! -d "$group" ] || { echo "$$" >"$group/cgroup.procs"; } 2>/dev/null
done

write_record running
# shellcheck disable=SC2086 # a command line of ours
exec $launch_as /bin/sh "$service/launch"
