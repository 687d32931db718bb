# What the image is made of; the Dockerfile runs it.
#
# ROOT        the image's root folder; empty in an image
# SOURCE      the repository
# JUPYTERHUB  the version of the hub of the chart
set -eu

ROOT=${ROOT:-}
SOURCE=${SOURCE:-/srv/linbias}
JUPYTERHUB=${JUPYTERHUB:-5.5.0}
PYTHON=$ROOT/opt/linbias/bin/python

# The versions that the tests ran with; the hub's own is the chart's.
install() {
    test -x "$PYTHON" || python3 -m venv "$ROOT/opt/linbias"
    mkdir -p "$ROOT/tmp"
    grep -v '^jupyterhub==' "$SOURCE/constraints.txt" > "$ROOT/tmp/constraints.txt"
    "$PYTHON" -m pip install --quiet --no-cache-dir --disable-pip-version-check \
        --constraint "$ROOT/tmp/constraints.txt" \
        "$SOURCE[dask,grader,hub,postgresql]" "jupyterhub==$JUPYTERHUB"
    rm "$ROOT/tmp/constraints.txt"
}

# What Jupyter shows to students and to graders, and where the exchange is.
settings() {
    "$PYTHON" -P -m grader.deploy.kubernetes settings --root "$ROOT/"
}

# Names for two user ids: nbgrader asks for the grader's. Students' ids need none.
users() {
    mkdir -p "$ROOT/etc" "$ROOT/home/jovyan" "$ROOT/srv/course"
    for line in jovyan:x:1000:100::/home/jovyan:/bin/bash grader:x:2000:100::/tmp:/bin/bash; do
        grep -q "^${line%%:*}:" "$ROOT/etc/passwd" 2>/dev/null || echo "$line" >> "$ROOT/etc/passwd"
    done
    chmod 1777 "$ROOT/home/jovyan"  # in a pod a volume takes its place
}

for step in ${STEPS:-install settings users}; do
    "$step"
done
