#!/bin/sh
# Follows the events over HTTP, by long polls: needs curl and jq. Keeps the newest event of each subject in a JSON file;
# begins with everything that holds, and goes on where it stopped.
#
#   FEED_URL=https://events.example.go.id/feed/v1 FEED_TOKEN=… ./feed.sh
set -eu
state=${STATE:-present.json}
page=$state.page
[ -s "$state" ] || echo '{"cursor": "", "present": {}, "unseen": {}}' >"$state"

# A crash leaves the former file or the new one, never half of one.
save() {
    jq -c "$@" "$state" >"$state.new"
    mv "$state.new" "$state"
}

take_page() {
    # --slurpfile: the page is too large for an argument.
    save --slurpfile pages "$page" '
        $pages[0] as $page
        | reduce $page.events[] as $event (.;
            del(.unseen[$event.subject])
            | if $event.sequence > (.present[$event.subject].sequence // "") then .present[$event.subject] = $event
              else . end)
        | .cursor = $page.cursor
        | if $page.complete and ($page.more | not)
          then .unseen as $gone | .present |= with_entries(select($gone[.key] | not)) | .unseen = {}
          else . end'
    jq -r '.events[] | [.time, .type, .subject] | join("  ")' "$page"
}

# The feed began anew, as after a restore: read it from its beginning, then drop what it did not tell again.
begin_again() {
    save '.cursor = "" | .unseen = (.present | map_values(true))'
}

while :; do
    cursor=$(jq -r .cursor "$state")
    status=$(curl -sS --max-time 60 -o "$page" -w '%{http_code}' -H "Authorization: Bearer $FEED_TOKEN" \
        "$FEED_URL/events?limit=500&wait=30&after=$cursor") || status=000
    case $status in
    200) take_page ;;
    410) begin_again ;;
    *)
        echo "the feed answers $status" >&2
        sleep 5
        ;;
    esac
done
