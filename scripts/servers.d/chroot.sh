# shellcheck shell=bash
# Servers on Debian without a container engine: packages of the Debian release that carries
# PostgreSQL 17 with pgvector, in a chroot that the servers share read-only but for a data folder each.
# Nothing is mounted: PostgreSQL keeps its shared memory in files (dynamic_shared_memory_type=mmap).

release=trixie
packages=postgresql-17,postgresql-17-pgvector,redis-server
cache=${DOCENT_SERVERS_CACHE:-${XDG_CACHE_HOME:-/var/cache}/docent-servers}
tree=$cache/$release
postgres_bin=/usr/lib/postgresql/17/bin

chroot_up() {
  ensure_tree
  # As seen from inside. A folder each: two checkouts share the tree, never the data.
  data=/tmp/docent-servers-$id
  rm -rf "${tree:?}$data"
  install -d "$tree$data"
  echo "$tree$data" >"$state/data"
  chroot "$tree" install -d -o postgres -g postgres -m 700 "$data/postgres"
  chroot "$tree" install -d -o redis -g redis -m 700 "$data/redis"
  start_postgres
  start_redis
  write_env "$postgres_port" "$redis_port"
}

chroot_running() {
  [ -f "$state/data" ] || return 1
  local data
  data=$(cat "$state/data")
  alive "$data/postgres/postmaster.pid" postgres && alive "$data/redis/redis.pid" redis-server
}

chroot_down() {
  [ -f "$state/data" ] || return 0
  local data
  data=$(cat "$state/data")
  # INT: PostgreSQL's fast shutdown. QUIT follows where five seconds were not enough.
  stop "$data/postgres/postmaster.pid" postgres INT QUIT
  stop "$data/redis/redis.pid" redis-server TERM KILL
  rm -rf "$data"
}

# True when the process of the pid file runs and is that program: a pid may have been given away.
alive() {
  local pid
  pid=$(head -n 1 "$1" 2>/dev/null) && [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ]
}

stop() {
  alive "$1" "$2" || return 0
  local pid
  pid=$(head -n 1 "$1")
  kill -"$3" "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    [ -d "/proc/$pid" ] || return 0
    sleep 0.05
  done
  kill -"$4" "$pid" 2>/dev/null || return 0
  while [ -d "/proc/$pid" ]; do sleep 0.05; done
}

start_postgres() {
  (umask 077 && echo "$admin_password" >"$tree$data/password")
  chroot "$tree" chown postgres "$data/password"
  as postgres "$postgres_bin/initdb" --pgdata="$data/postgres" --username=postgres --auth=scram-sha-256 \
    --pwfile="$data/password" --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  rm "$tree$data/password"
  cat >>"$tree$data/postgres/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$data/postgres'
dynamic_shared_memory_type = mmap
shared_buffers = 256MB
max_connections = 100
# The data is thrown away: nothing waits for the disk.
fsync = off
synchronous_commit = off
full_page_writes = off
END
  # Between asking for a free port and taking it another process may take it.
  for _ in 1 2 3 4 5; do
    postgres_port=$(free_port)
    if as postgres "$postgres_bin/pg_ctl" --pgdata="$data/postgres" --log="$data/postgres/log" --wait --silent \
      --options="-p $postgres_port" start >/dev/null 2>&1 9>&-; then
      app_role_sql | as postgres env PGPASSWORD="$admin_password" psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 \
        --host="$data/postgres" --port="$postgres_port" --username=postgres
      return
    fi
  done
  tail -n 20 "$tree$data/postgres/log" >&2 || true
  fail 'PostgreSQL did not start; its last words stand above.'
}

start_redis() {
  for _ in 1 2 3 4 5; do
    redis_port=$(free_port)
    cat >"$tree$data/redis/redis.conf" <<END
bind 127.0.0.1
port $redis_port
requirepass $redis_password
daemonize yes
pidfile $data/redis/redis.pid
logfile $data/redis/log
dir $data/redis
save ""
maxmemory 256mb
maxmemory-policy allkeys-lru
END
    as redis redis-server "$data/redis/redis.conf" >/dev/null 2>&1 9>&- || continue
    for _ in $(seq 60); do
      if as redis env REDISCLI_AUTH="$redis_password" redis-cli -p "$redis_port" ping 2>/dev/null | grep -q PONG; then
        return
      fi
      sleep 0.05
    done
  done
  tail -n 20 "$tree$data/redis/log" >&2 || true
  fail 'Redis did not start; its last words stand above.'
}

# Runs a program in the tree as an unprivileged user, with nothing of our environment.
as() {
  local user=$1
  shift
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/tmp \
    chroot --userspec="$user:$user" "$tree" "$@"
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Makes the tree unless it is there. It gets its name only when it is complete.
ensure_tree() {
  [ -x "$tree$postgres_bin/postgres" ] && return
  install -d "$cache"
  exec 8>"$cache/lock"
  command -v flock >/dev/null && flock 8
  [ -x "$tree$postgres_bin/postgres" ] && return
  command -v debootstrap >/dev/null || install_debootstrap
  local mirror keyring
  mirror=$(debian_mirror)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f "$keyring" ] || fail "debootstrap needs $keyring (package debian-archive-keyring)."
  say "Making a Debian $release tree with PostgreSQL 17, pgvector and Redis in $tree (once, about a minute) …"
  rm -rf "$tree.new"
  use_apt_proxy
  if ! debootstrap --variant=minbase --keyring="$keyring" --include="$packages" \
    "$release" "$tree.new" "$mirror" >"$cache/debootstrap.log" 2>&1 9>&- 8>&-; then
    tail -n 15 "$cache/debootstrap.log" >&2
    fail "debootstrap failed; the whole log is in $cache/debootstrap.log."
  fi
  # What the packages brought to install others with is not needed to run them.
  rm -rf "$tree.new"/var/cache/apt/archives/*.deb "$tree.new"/var/lib/apt/lists/*
  mv "$tree.new" "$tree"
  exec 8>&-
}

install_debootstrap() {
  say 'Installing debootstrap …'
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get --yes -qq --no-install-recommends)
  "${get[@]}" install debootstrap >/dev/null 2>&1 9>&- 8>&- || {
    "${get[@]}" update >&2 9>&- 8>&-
    "${get[@]}" install debootstrap >&2 9>&- 8>&-
  }
}

# The archive that this system installs its own packages from, whichever way it is configured.
debian_mirror() {
  local uri
  uri=$(main_component)
  # A fresh image has no package lists, and apt tells its sources from these.
  [ -n "$uri" ] || apt-get --yes -qq update >&2
  [ -n "$uri" ] || uri=$(main_component)
  # A list of mirrors in a file, as Debian's cloud images have it: take the first.
  case $uri in
    mirror+file:*) uri=$(awk '!/^#/ && NF { print $1; exit }' "/${uri#mirror+file:*/}") ;;
  esac
  case $uri in
    http://* | https://* | file:/*) printf '%s\n' "$uri" ;;
    *) fail "debootstrap cannot use what apt installs this system from (${uri:-no main component found})." ;;
  esac
}

main_component() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI)' |
    awk -v release="$codename" '
      $1 == "Packages" && $3 == "main" && ($2 == release || $2 == "stable" || $2 == "testing" || $2 == "sid") {
        print $4; exit
      }'
}

# debootstrap downloads with wget, which does not read apt's configuration.
use_apt_proxy() {
  local http='' https=''
  eval "$(apt-config shell http Acquire::http::Proxy https Acquire::https::Proxy)"
  [ -z "$http" ] || [ "$http" = DIRECT ] || export http_proxy=$http
  https=${https:-$http}
  [ -z "$https" ] || [ "$https" = DIRECT ] || export https_proxy=$https
}
