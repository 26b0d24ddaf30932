# Sourced by run.sh and finish.sh. Set by the service's own files: base, id, kind, generation, stop_signal,
# stop_seconds, cgroup (empty: none). The record is how a run knows what the one before it left; it is ours because
# s6 forgets everything with the death of its supervise.
record=$base/state/$id
marker=SLAPOS_SERVICE=$base:$id

read_record() {
  phase='' pid='' start='' boot='' was='' failures=0 restarts=0 began=0 contained='' code='' signal=''
  [ -r "$record" ] || return 0
  while IFS='=' read -r key value; do
    case $key in
      phase) phase=$value ;; pid) pid=$value ;; start) start=$value ;; boot) boot=$value ;;
      generation) was=$value ;; failures) failures=$value ;; restarts) restarts=$value ;;
      began) began=$value ;; contained) contained=$value ;; exit) code=$value ;; signal) signal=$value ;;
    esac
  done <"$record"
}

# write_record PHASE [KEY=VALUE]... A rename, so that a reader sees the old record or the new one.
write_record() {
  {
    printf 'format=1\nphase=%s\ngeneration=%s\npid=%s\nstart=%s\nboot=%s\nbegan=%s\ncontained=%s\n' \
      "$1" "$generation" "$pid" "$start" "$boot" "$began" "$contained"
    printf 'failures=%s\nrestarts=%s\n' "$failures" "$restarts"
    shift
    [ $# -eq 0 ] || printf '%s\n' "$@"
  } >"$base/tmp/$id" && mv -f "$base/tmp/$id" "$record"
}

# Seconds since boot: durations must not jump with the wall clock.
uptime_seconds() {
  read -r seconds _ </proc/uptime
  seconds=${seconds%.*}
}

# start_of PID: clock ticks between boot and the start of that process, empty when it is gone or a zombie.
start_of() {
  ticks=''
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
  line=${line##*) }
  # shellcheck disable=SC2086 # fields
  set -- $line
  [ "$1" = Z ] || [ "$1" = X ] || ticks=${20}
}

# leftovers SESSION: fills `left` with the pids that belong to this service. The cgroup knows them all; without one,
# the environment mark that every process inherits, and the session when one is given (it must be known to be ours).
leftovers() {
  left=''
  if [ -n "$contained" ]; then
    [ -r "$contained/cgroup.events" ] || return 0
    while read -r key value; do
      [ "$key" != populated ] || [ "$value" = 0 ] || left=cgroup
    done <"$contained/cgroup.events"
    return 0
  fi
  for file in $(grep -lszFx "$marker" /proc/[0-9]*/environ); do
    number=${file#/proc/} number=${number%/environ}
    left="$left $number"
  done
  [ -n "$1" ] || return 0
  for file in $(grep -lsE "^[0-9]+ \\(.*\\) [A-WY] [0-9]+ [0-9]+ $1 " /proc/[0-9]*/stat); do
    number=${file#/proc/} number=${number%/stat}
    case " $left " in *" $number "*) ;; *) left="$left $number" ;; esac
  done
}

# send SIGNAL: to everything that `leftovers` found.
send() {
  if [ "$left" != cgroup ]; then
    # shellcheck disable=SC2086 # one word a pid
    kill -s "$1" $left 2>/dev/null
  elif [ "$1" = KILL ] && [ -w "$contained/cgroup.kill" ]; then
    echo 1 >"$contained/cgroup.kill"
  else
    while read -r number; do kill -s "$1" "$number" 2>/dev/null; done <"$contained/cgroup.procs"
  fi
  return 0
}

# sweep SESSION SECONDS: asks what is left to end, waits that long, then kills it and waits until it is gone.
sweep() {
  leftovers "$1"
  [ -n "$left" ] || return 0
  send "$stop_signal"
  send CONT
  turns=$(($2 * 20))
  while [ "$turns" -gt 0 ]; do
    sleep 0.05
    leftovers "$1"
    [ -n "$left" ] || return 0
    turns=$((turns - 1))
  done
  turns=200
  while [ "$turns" -gt 0 ]; do
    send KILL
    sleep 0.05
    leftovers "$1"
    [ -n "$left" ] || return 0
    turns=$((turns - 1))
  done
  echo "slapos: cannot kill$left of $id" >&2
}
