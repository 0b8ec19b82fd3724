#!/usr/bin/env bash
# Every staffing gap of 2021 as one CSV file, and the gap workbook. Needs curl; BASE ends in /api/v1, KEY is an API key.
set -euo pipefail

ask() { curl --silent --show-error --fail-with-body --compressed --header "Authorization: Bearer $KEY" "$@"; }

# Page by page: the address of the next one is in the header Link, and only the first page keeps its header line.
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
next="$BASE/workforce/gaps?year=2021&limit=60&fields=service,name,basis,status,nurses"
skip=1
: >gaps.csv
while [[ -n $next ]]; do
  ask --header 'Accept: text/csv' --dump-header "$headers" "$next" | tail -n "+$skip" >>gaps.csv
  path=$(sed -n 's/^[Ll]ink: <\([^>]*\)>; rel="next".*/\1/p' "$headers")
  next=${path:+${BASE%/api/v1}$path}
  skip=2
done

ask --output gaps.xlsx "$BASE/workforce/gaps.xlsx?year=2021"
echo "$(($(wc -l <gaps.csv) - 1)) gaps, $(wc -c <gaps.xlsx) bytes of workbook"
