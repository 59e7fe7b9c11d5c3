# shellcheck shell=bash
# Servers by Docker Compose: the composition of infra/compose.yaml, narrowed for tests.

# An engine answers, knows Compose, and has the images or can get them.
compose_available() {
  docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1 &&
    admin_password=- redis_password=- compose pull --quiet --policy missing postgres redis >&2
}

compose() {
  POSTGRES_PASSWORD=${admin_password:-} REDIS_PASSWORD=${redis_password:-} \
    docker compose --project-name "docent-servers-$id" \
    --file "$root/infra/compose.yaml" --file "$root/infra/compose.test.yaml" "$@"
}

compose_up() {
  compose up --detach --wait --wait-timeout 120 postgres redis >&2 9>&-
  app_role_sql | compose exec --no-TTY postgres psql --quiet --username postgres --set ON_ERROR_STOP=1 >&2
  local postgres redis
  postgres=$(compose port postgres 5432)
  redis=$(compose port redis 6379)
  write_env "${postgres##*:}" "${redis##*:}"
}

compose_running() {
  [ "$(compose ps --services --status running 2>/dev/null | sort | tr '\n' ' ')" = 'postgres redis ' ]
}

compose_down() { compose down --volumes --timeout 5 >&2; }
