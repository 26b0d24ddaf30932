# --- Output in the form that people know -----------------------------------------------------------------------------

ok=0
changed=0
failed=0
task=''
finished=''

stars() { # stars TEXT: the text and stars up to 80 columns, as the program does whose output this is
  printf '%s ' "$1"
  left=$((80 - ${#1} - 1))
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

