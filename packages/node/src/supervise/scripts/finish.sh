# Sourced by the `finish` of every service and one-shot: $1 exit code (256: by a signal), $2 signal. Ends what the
# program left running, and records how it ended, whoever is there to see it.
umask 077
service=$base/services/$id
exec </dev/null 1<>"$service:log/pipe" 2>&1
. "$runtime/common.sh"

read_record
generation=${was:-$generation} # the run that ended may be of the definition before this one
# Should another process have that number already, what is left of our session goes by its mark.
session=$pid
[ -z "$pid" ] || start_of "$pid"
[ -z "$pid" ] || [ -z "$ticks" ] || [ "$ticks" = "$start" ] || session=''
sweep "$session" 1
uptime_seconds
if [ -e "$service/asked" ] || [ -e "$service/down" ] && [ "$kind" = service ]; then
  asked=1 failures=0
else
  asked=0
  if [ "$phase" = backoff ]; then :
  elif [ $((seconds - began)) -lt 10 ]; then failures=$((failures + 1))
  else failures=0; fi
fi
code=$1 signal=''
[ "$1" -lt 256 ] || code='' signal=$2
write_record ended "exit=$code" "signal=$signal" "asked=$asked" "ended=$(date +%s)"
# A one-shot that completed must never run again, whatever the machine does next.
[ "$kind" = service ] || sync "$record"
# Whoever waits for the last words of a run knows by this line that the log is complete (last-words.ts).
if [ "$kind" = one-shot ] || { [ "$asked" = 0 ] && [ "$phase" != backoff ]; }; then
  echo "slapos: process $pid ended"
fi
[ -z "$contained" ] || rmdir "$contained" 2>/dev/null
exit 0
