#!/usr/bin/env bash
# A throw-away PostgreSQL server for the tests: passwords by SCRAM, TLS with a certificate authority of its own. Sourced
# by tests/run.

postgres_data=

# Debian keeps the server's programs off the PATH, one folder a version; the newest is used.
postgres_bin() {
  local initdb
  initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [[ -z $initdb ]] || dirname "$initdb"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ $(id -u) -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# A certificate authority NAME.pem in the folder DIR.
make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -sha256 -subj "/CN=$2" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$1/$2.key" -out "$1/$2.pem" 2>/dev/null
}

# Two authorities, and a certificate of the first for the name `localhost` alone: 127.0.0.1 is then a wrong name.
make_certificates() {
  local dir=$1
  make_authority "$dir" authority &&
    make_authority "$dir" other-authority &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -subj /CN=localhost \
      -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null &&
    openssl x509 -req -in "$dir/server.csr" -CA "$dir/authority.pem" -CAkey "$dir/authority.key" -CAcreateserial \
      -days 2 -sha256 -extfile <(printf 'subjectAltName=DNS:localhost\n') -out "$dir/server.pem" 2>/dev/null
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts the server under the folder DIR and exports TEST_POSTGRES_URL and TEST_CERTIFICATES.
start_postgres() {
  local dir=$1/postgres bin password port attempt
  bin=$(postgres_bin)
  password=$(openssl rand -hex 16)
  export TEST_CERTIFICATES=$1/certificates
  # The server runs as another user than the tests: its folder is that user's, the certificates are everybody's.
  chmod 755 "$1" && mkdir -p "$dir" "$TEST_CERTIFICATES" && make_certificates "$TEST_CERTIFICATES" &&
    printf '%s' "$password" >"$dir/password" && cp "$TEST_CERTIFICATES"/server.{key,pem} "$dir" &&
    chmod 600 "$dir/server.key" "$dir/password" || return 1
  [[ $(id -u) -ne 0 ]] || chown -R postgres "$dir" || return 1
  as_postgres "$bin/initdb" --pgdata "$dir/data" --username audit --pwfile "$dir/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 >"$1/initdb.log" 2>&1 || {
    cat "$1/initdb.log" >&2
    return 1
  }
  # Durability stays on: what a crash may lose is part of what is tested.
  as_postgres tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 300
ssl = on
ssl_cert_file = '$dir/server.pem'
ssl_key_file = '$dir/server.key'
CONF
  # Another process may take the port between the question and the start.
  for attempt in 1 2 3; do
    port=$(free_port)
    if as_postgres "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/log" --wait --silent -o "-p $port" start; then
      postgres_data=$dir/data
      export TEST_POSTGRES_URL="postgres://audit:$password@localhost:$port/postgres?sslmode=verify-full&sslrootcert=$TEST_CERTIFICATES/authority.pem"
      echo "PostgreSQL $("$bin/postgres" --version | sed 's/.*) //; s/ .*//') listens on port $port."
      return 0
    fi
    echo "attempt $attempt to start PostgreSQL failed" >&2
  done
  cat "$dir/log" >&2
  return 1
}

stop_postgres() {
  [[ -n $postgres_data ]] || return 0
  as_postgres "$(postgres_bin)/pg_ctl" --pgdata "$postgres_data" --mode immediate --wait --silent stop || true
  postgres_data=
}
