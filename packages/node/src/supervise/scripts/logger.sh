# Sourced by the `run` of every logger: base, id, log_as (empty or a command that becomes the log user), log_files,
# log_bytes. Bounded: a flood costs (log_files + 1) * log_bytes of disk, and no memory.
umask 027
exec 0<>"$base/services/$id/pipe" 2>&1
# shellcheck disable=SC2086 # a command line of ours
exec $log_as s6-log -b "n$log_files" "s$log_bytes" T "$base/logs/${id%:log}"
