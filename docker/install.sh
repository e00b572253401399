#!/bin/sh
# Install the service with pinned dependencies into a fresh environment: sh docker/install.sh TARGET
# Run by the Dockerfile and by the tests, so that the steps are tried where no docker engine is at hand.
set -eu
target=$1
${PYTHON:-python3} -m venv "$target"
pip="$target/bin/pip --quiet --disable-pip-version-check"
$pip install --require-hashes -r requirements/build.lock
$pip install --require-hashes --no-build-isolation -r requirements/runtime.lock
$pip install --no-deps --no-build-isolation ./clients .
