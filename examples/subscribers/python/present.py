"""The present: the newest event of each subject, and how it is read from the feed."""

import json
import os
import sqlite3
import urllib.error
import urllib.request

present = sqlite3.connect(os.environ.get("STATE", "present.sqlite"), isolation_level=None)
present.execute("CREATE TABLE IF NOT EXISTS present (subject PRIMARY KEY, sequence, event, seen)")
present.execute("CREATE TABLE IF NOT EXISTS feed (id PRIMARY KEY, cursor)")


def keep(event: dict) -> None:
    """Keep an event unless it is old. Acknowledge it only when this has returned: then it is saved."""
    present.execute(
        """INSERT INTO present VALUES (?, ?, ?, 1) ON CONFLICT (subject) DO UPDATE SET seen = 1,
            event = CASE WHEN excluded.sequence > sequence THEN excluded.event ELSE event END,
            sequence = max(excluded.sequence, sequence)""",  # a text of fixed width, so that it sorts
        (event["subject"], event["sequence"], json.dumps(event)),
    )


def catch_up() -> None:
    """Read from the feed what is new since its last page: everything at first, and what a full queue has dropped."""
    more = True
    while more:
        cursor = (present.execute("SELECT cursor FROM feed").fetchone() or ("",))[0]
        url = f"{os.environ['FEED_URL']}/events?limit=500&after={cursor}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['FEED_TOKEN']}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                page = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 410:
                raise
            # The feed began anew: read it from its beginning, and then drop what it did not tell again.
            present.executescript("BEGIN; UPDATE present SET seen = 0; DELETE FROM feed; COMMIT")
            continue
        more = page["more"]
        with present:
            present.execute("BEGIN")
            for event in page["events"]:
                keep(event)
            present.execute("INSERT OR REPLACE INTO feed VALUES (1, ?)", (page["cursor"],))
            if page["complete"] and not more:
                present.execute("DELETE FROM present WHERE NOT seen")
