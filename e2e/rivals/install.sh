#!/usr/bin/env bash
# Installs GuideLLM and AIPerf, each into a virtual environment of its own, below `.rivals/` at the repository root (or
# the folder in SWEEPSCOPE_RIVALS_DIR). The third rival, vLLM's bench, comes with e2e/vllm/install.sh.
# Safe to call again: a finished install is recognised at once, an interrupted one is carried on.
#
#   e2e/rivals/install.sh            PYTHON=/path/to/python3.11 e2e/rivals/install.sh

set -euo pipefail

GUIDELLM_VERSION=0.8.1
AIPERF_VERSION=0.13.0
NEEDED_GIB=14

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${SWEEPSCOPE_RIVALS_DIR:-$root/.rivals}
python=${PYTHON:-python3.11}

say() { printf 'rivals install: %s\n' "$*"; }
die() {
  printf 'rivals install: error: %s\n' "$*" >&2
  exit 1
}

# $1: package and command, $2: version. A virtual environment stops working when moved: the stamp names its folder.
is_installed() {
  [[ -x $dir/$1/bin/$1 && -f $dir/$1.installed && $(<"$dir/$1.installed") == "$1 $2 in $dir" ]]
}

check_disk() {
  local free used
  free=$(df -Pk "$dir" | awk 'NR == 2 { print $4 }')
  used=$(du -sk "$dir" | cut -f1)
  ((free + used >= NEEDED_GIB * 1024 * 1024)) ||
    die "$dir has $((free / 1024 / 1024)) GiB of free disk space, $NEEDED_GIB GiB are needed"
}

install() {
  local name=$1 version=$2
  if is_installed "$name" "$version"; then
    say "already there: $name $version"
    return
  fi
  command -v "$python" >/dev/null || die "no $python on the PATH; install Python 3.11 or set PYTHON to one"
  mkdir -p "$dir/tmp"
  check_disk
  say "$name $version into $dir/$name (minutes; GuideLLM brings torch, 6 GB)"
  rm -f "$dir/$name.installed"
  "$dir/$name/bin/python" -c '' 2>/dev/null || "$python" -m venv "$dir/$name"
  # pip unpacks several GB on its way; keep that off a /tmp that may be small, and leave no copy in the user's cache.
  TMPDIR=$dir/tmp "$dir/$name/bin/python" -m pip --disable-pip-version-check install --quiet --no-cache-dir "$name==$version" ||
    die "pip could not install $name $version"
  "$dir/$name/bin/$name" --version >/dev/null || die "$name $version does not start"
  printf '%s\n' "$name $version in $dir" >"$dir/$name.installed"
}

install aiperf "$AIPERF_VERSION"
install guidellm "$GUIDELLM_VERSION"
rm -rf "$dir/tmp"
say 'done'
