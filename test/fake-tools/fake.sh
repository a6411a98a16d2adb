# What the fake tools share: record the run, answer a version question, print and end as told.
name=${0##*/}

# told WHAT: value of e.g. FAKE_NEXTPNR_ICE40_EXIT, or nothing.
told() {
  eval "printf '%s' \"\${FAKE_$(printf '%s' "$name" | tr a-z- A-Z_)_$1-}\""
}

# after OPTION ARGUMENTS...: the argument that follows the option.
after() {
  option=$1
  shift
  while [ $# -gt 1 ]; do
    if [ "$1" = "$option" ]; then printf '%s' "$2"; fi
    shift
  done
}

# version OPTION TEXT FIRST-ARGUMENT: answers a question for the version without recording it.
version() {
  if [ "$1" = "$3" ]; then
    echo "$2"
    exit 0
  fi
}

# run ARGUMENTS...: records the run; prints FAKE_<NAME>_SAYS and ends with FAKE_<NAME>_EXIT when that is not 0.
run() {
  if [ -n "$FAKE_TOOLS_LOG" ]; then
    { printf '%s' "$name"; printf '\t%s' "$@"; echo; } >> "$FAKE_TOOLS_LOG"
  fi
  if [ -n "$(told SAYS)" ]; then told SAYS >&2; fi
  exit=$(told EXIT)
  if [ "${exit:-0}" != 0 ]; then exit "$exit"; fi
}
