# The two commands of the README on a clean machine:
#   docker build --tag standpunt .
#   docker run --rm --volume "$PWD/runs:/standpunt/runs" standpunt      # make run
#   docker run --rm standpunt make test
# A report of your own:
#   docker run --rm --volume "$PWD:/data" standpunt .venv/bin/standpunt predict /data/report.txt --out /data/stances.csv
FROM python:3.11-slim-bookworm

# A compiler for the encoder of standpunt[e5], a browser for the tests of the page.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium g++ git make \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /standpunt
# PyTorch's CPU build saves several gigabytes, and is not fetched again when the code changes.
COPY constraints.txt .
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --constraint constraints.txt \
    --index-url https://download.pytorch.org/whl/cpu torch
COPY . .
RUN PIP_NO_CACHE_DIR=1 make .venv/.installed

CMD ["make", "run"]
