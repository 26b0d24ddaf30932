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
    check_master
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
    printf '\nsystemd does not run here. What starts this machine must run:\n  %s start\n' "$init_script"
  fi
}

main "$@"
