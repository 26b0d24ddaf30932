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
    '' | *[!0-9]* | ????* | 0*) refuse "--partition-number expects 1 to 999, got '$partition_number'." ;;
  esac
  case $interface_name in
    '' | -* | *[!A-Za-z0-9_.@-]*) refuse "'$interface_name' is no interface. See: ip link" ;;
  esac
}

# What it starts may stay: it must not keep this script's lock.
slapos() { command slapos "$@" 9>&-; }

