#!/bin/bash
# The first start makes a cluster with a superuser who has a password (SCRAM); every start becomes the server.
set -euo pipefail

fail() { echo "postgres: $*" >&2; exit 1; }

# A variable, or the file that the variable with _FILE names.
setting() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!name:-$2}"; fi
}

if [ "${1:-}" != postgres ] && [ "${1#-}" = "${1:-}" ]; then exec "$@"; fi
[ "${1#-}" = "${1:-}" ] || set -- postgres "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown -R postgres:postgres "$PGDATA" && chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(setting POSTGRES_USER postgres)
  database=$(setting POSTGRES_DB "$user")
  password=$(setting POSTGRES_PASSWORD "")
  [ -n "$password" ] || fail "set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
  read -ra more <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") --auth=scram-sha-256 "${more[@]}" >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ] || compgen -G '/docker-entrypoint-initdb.d/*' >/dev/null; then
    export PGPASSWORD=$password
    pg_ctl --silent --wait -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start
    psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc --username="$user")
    [ "$database" = postgres ] || "${psql[@]}" --dbname=postgres -v name="$database" <<<'CREATE DATABASE :"name";'
    for file in /docker-entrypoint-initdb.d/*; do
      case $file in
        *.sql) "${psql[@]}" --dbname="$database" -f "$file" ;;
        *.sh) bash "$file" ;;
      esac
    done
    pg_ctl --silent --wait -m fast stop
    unset PGPASSWORD
  fi
  echo "postgres: database system is made"
fi
unset POSTGRES_PASSWORD
set -- "$@" -c listen_addresses='*'
exec "$@"
