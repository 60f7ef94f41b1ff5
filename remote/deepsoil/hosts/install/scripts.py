"""The shell scripts of an installation, as they run on the host. POSIX sh.

``{home}`` is the host's home as a shell word; every other name that may contain special characters is an
argument.
"""

from __future__ import annotations

# How long a replaced environment is kept: jobs waiting in a queue were submitted with it.
KEPT_DAYS = 30

_SWITCH = """-c 'import os, sys
new = sys.argv[2] + ".new"
if os.path.lexists(new): os.remove(new)
os.symlink(sys.argv[1], new)
os.replace(new, sys.argv[2])'"""

# Whether the installation in the folder $1 runs: its beat is less than a minute older than a file made just now. Both
# times are of the clock of the disk, which may differ from the host's.
_BEATS = """
time_of() { stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null || echo 0; }
beats() {
  [ -e "$1/beat" ] || return 1
  now=$(touch "$1/now" 2>/dev/null && time_of "$1/now" || date +%s)
  age=$((now - $(time_of "$1/beat")))
  [ "$age" -lt 60 ]
}
"""

LOOK = _BEATS + """
e={home}/engine n=$1
w="$e/$n.install"
if [ ! -e "$w/end" ] && beats "$w"; then
  echo running yes
  exit 0
fi
if [ -f "$e/$n/complete.json" ] && [ -x "$e/$n/bin/python" ]; then
  before=$(readlink "$e/current")
  if [ "$before" != "$n" ]; then
    "$e/$n/bin/python" @SWITCH@ "$n" "$e/current" || exit 1
    rm -f "$e/$n/replaced"
    [ -n "$before" ] && touch "$e/$before/replaced"
  fi
  rm -rf "$w"
  echo complete yes
  exit 0
fi
for f in "$e"/uploads/*; do printf 'have %s\\n' "${f##*/}"; done
exit 0
""".replace("@SWITCH@", _SWITCH)
"""The state of the installation ``$1``; a complete one becomes the current one."""

PYTHON = """
try() {
  q=$(command -v "$1" 2>/dev/null) || return 1
  v=$("$q" -c 'import sys, venv, ensurepip, ssl, hashlib
print("usable %d.%d" % sys.version_info[:2])' 2>&1 | tail -n 1)
  case $v in
    "usable 3.11"|"usable 3.12"|"usable 3.13"|"usable 3.14") printf 'python %s\\n' "$q"; exit 0;;
  esac
  printf 'tried %s: %s\\n' "$q" "$v"
}
{candidates}
exit 1
"""
"""The first Python on the host that can create an environment."""

CANDIDATES = ("python3.12", "python3.13", "python3.14", "python3.11", "python3",
              "python", "/usr/bin/python3.12",
              "/usr/bin/python3.11", "~/miniforge3/bin/python", "~/miniconda3/bin/python", "~/mambaforge/bin/python",
              "~/anaconda3/bin/python", "/opt/conda/bin/python")

MODULES = """
bash -lc 'command -v module >/dev/null && module -t avail' 2>&1 | grep -iE '^(python|(ana|mini)?conda|miniforge)' |
  head -n 12
bash -lc 'command -v conda mamba micromamba uv' 2>/dev/null
exit 0
"""
"""Other programs on the host that could provide one."""

RECEIVE = """
e={home}/engine
mkdir -p "$e/uploads" || exit 1
p="$e/uploads/$1.part"
q="$p.$(hostname).$$"  # nobody else writes to this one
size() { wc -c < "$q" | tr -d ' '; }
mv "$p" "$q" 2>/dev/null || : > "$q"
[ "$(size)" -gt "$2" ] && : > "$q"
printf '@receive %s\\n' "$(size)"
head -c "$(($2 - $(size)))" >> "$q" && [ "$(size)" = "$2" ] || { mv -f "$q" "$p"; exit 1; }
s=$("$3" -c 'import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest())' "$q") || exit 1
if [ "$s" = "$1" ]; then
  mv -f "$q" "$e/uploads/$1" && echo @received whole
else
  rm -f "$q"; echo @received damaged
fi
"""
"""Receives the file with SHA-256 ``$1`` and ``$2`` bytes, from the end of an earlier part on; ``$3``: a Python."""

START = _BEATS + """
e={home}/engine n=$1
w="$e/$n.install"
mkdir -p "$w" && cd "$w" || exit 1
if ! mkdir begun 2>/dev/null; then  # somebody else begins it just now, or it is what a dead one left
  sleep 1
  [ ! -e end ] && beats . && cat > /dev/null && echo @started && exit 0
fi
rm -f end cancel
cat > script.sh
touch beat
: > log
if command -v setsid >/dev/null; then s=setsid; else s=nohup; fi
$s /bin/sh ./script.sh "$@" > log 2>&1 < /dev/null &
echo @started
"""
"""Starts `INSTALL`, read from stdin, as a process that outlives the connection, with the same arguments."""

INSTALL = """#!/bin/sh
# name, Python, SHA-256 of the wheel, its name, SHA-256 of the resources, extras
n=$1 python=$2 wheel=$3 wheel_name=$4 resources=$5 extras=$6
w=$PWD
e=${w%/*}
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
PYTHONNOUSERSITE=1 PYTHONUTF8=1
export PYTHONNOUSERSITE PYTHONUTF8
own=$$
(
  while kill -0 "$own" 2>/dev/null && [ -d "$w" ] && [ ! -e "$w/end" ]; do
    touch "$w/beat"
    if [ -e "$w/cancel" ]; then
      echo cancelled > "$w/end"
      rm -f "$w/beat"
      kill -TERM "-$own" 2>/dev/null || kill -TERM "$own"
      exit
    fi
    sleep 1
  done
) &
end() { echo "$1" > "$w/end.new"; mv "$w/end.new" "$w/end"; rm -f "$w/beat"; exit 0; }
engine="$e/$n/bin/python"
echo '@step environment'
rm -rf "$e/$n"  # what a killed pip leaves cannot be trusted; its downloads are kept by pip itself
"$python" -m venv "$e/$n" || end environment
echo '@step packages'
ln -f "$e/uploads/$wheel" "./$wheel_name" 2>/dev/null || cp "$e/uploads/$wheel" "./$wheel_name" || end files
touch "$e/uploads/$wheel" "$e/uploads/$resources"
install() { "$engine" -m pip install --no-input --progress-bar off --disable-pip-version-check "$@"; }
case $extras in *sources*) lock=sources;; *) lock=base;; esac
# The tested versions with their checksums, out of the wheel; the rest (PyTorch) follows by the ranges of the engine.
if [ -z "$DEEPSOIL_RANGES" ] && "$engine" -c 'import sys, zipfile
sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("deepsoil/locks/" + sys.argv[2] + ".txt"))' \\
    "./$wheel_name" "$lock" > lock.txt; then
  if ! install --only-binary :all: --require-hashes -r lock.txt; then
    grep -q 'DO NOT MATCH THE HASHES' log && end packages
    grep -qE 'No matching distribution found|Could not find a version that satisfies' log || end packages
    echo 'Not all tested packages exist for this Python: taking others of the range'
  fi
fi
install --prefer-binary "./$wheel_name$extras" || end packages
echo '@step resources'
mkdir -p "$e/$n/share/deepsoil" && "$engine" -m tarfile -e "$e/uploads/$resources" "$e/$n/share/deepsoil" || end files
echo '@step trial'
case $extras in *train*) more=', torch';; *) more=;; esac
"$engine" -P -c "import numpy, onnxruntime, rasterio, zarr, deepsoil$more" || end trial
"$engine" -P -m deepsoil --version || end trial
cp "$w/log" "$e/$n/install.log" || end files
before=$(readlink "$e/current")
printf '{"name": "%s", "extras": "%s"}\\n' "$n" "$extras" > "$e/$n/complete.new" || end files
mv "$e/$n/complete.new" "$e/$n/complete.json" || end files
"$engine" @SWITCH@ "$n" "$e/current" || end files
rm -f "$e/$n/replaced"
[ -n "$before" ] && [ "$before" != "$n" ] && touch "$e/$before/replaced"
for old in $(cd "$e" && find . -mindepth 2 -maxdepth 2 -name replaced -mtime +@DAYS@ | cut -d/ -f2); do
  [ "$old" != "$n" ] && rm -rf "${e:?}/$old"
done
find "$e/uploads" -type f -mtime +@DAYS@ -exec rm -f {} +
end done
""".replace("@DAYS@", str(KEPT_DAYS)).replace("@SWITCH@", _SWITCH)
"""Creates the environment; its progress is in ``log``, its result in ``end``; ``beat`` shows that it runs."""

WATCH = _BEATS + """
e={home}/engine n=$1
w="$e/$n.install"
cd "$w" || exit 1
[ -f end ] && printf 'end %s\\n' "$(cat end)"
beats . && echo beat yes
exit 0
"""
"""How the installation ended, if it has, and whether it is running."""

LOG = """
cd {home}/engine/"$1".install || exit 1
s=$(($(wc -c < log) - $2))
[ "$s" -gt 60000 ] && s=60000
printf 'next %s\\n' "$(($2 + s))"
tail -c +"$(($2 + 1))" log | head -c "$s"
"""
"""The log from its ``$2``-th byte on, after a line with the byte at which the next piece begins."""

CANCEL = """
touch {home}/engine/"$1".install/cancel
"""
