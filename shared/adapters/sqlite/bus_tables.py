"""The tables of the embedded bus: one for each state that a message can be in.

`waiting`: in a queue, ready or held by a consumer; which of them are held is known only to the process that receives,
in its memory. `resting`: on a rung until `due_at`, for `wait` milliseconds; it then goes to the end of its queue.
`parked`: set aside with the reason. `queue.handed`: the highest `n` handed to consumers since the last clean end; 0
after a clean end. Times are machine time in milliseconds. `n` is never used twice, so it is a delivery's tag and the
order of a queue. `queue.bounded`: it drops its oldest messages when it is full (`bus_bounds.py`); `dropped`: how many
it has dropped since it exists.
"""

from __future__ import annotations

SCHEMA = 2

DDL = (
    """CREATE TABLE IF NOT EXISTS queue (
        name TEXT PRIMARY KEY, handed INTEGER NOT NULL DEFAULT 0,
        bounded INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS binding (type TEXT, queue TEXT, PRIMARY KEY (type, queue)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS tail (queue TEXT PRIMARY KEY, beat_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS waiting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, routing_key TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, since INTEGER NOT NULL, deliveries INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX IF NOT EXISTS queued ON waiting (queue, n)",
    """CREATE TABLE IF NOT EXISTS resting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, due_at INTEGER NOT NULL, wait INTEGER)""",
    "CREATE INDEX IF NOT EXISTS due ON resting (due_at, n)",
    """CREATE TABLE IF NOT EXISTS parked (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL, attempt INTEGER NOT NULL,
        reason TEXT NOT NULL, fault TEXT NOT NULL, first_at INTEGER, last_at INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS parked_of ON parked (queue, n)",
    "CREATE INDEX IF NOT EXISTS parked_id ON parked (queue, message_id)",
)

KNOWN = "SELECT 1 FROM queue WHERE name = :queue"

ADD_QUEUE = """INSERT INTO queue (name, bounded) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET bounded = excluded.bounded"""

BEAT = "INSERT INTO pulse VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = beats + 1"

TAKERS = """SELECT queue, coalesce(bounded, 0) FROM binding LEFT JOIN queue ON queue.name = binding.queue
    WHERE type = ?"""

DELIVER = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, since) VALUES (?, ?, ?, ?, 0, ?)"""

# --- Bounded queues ---

COUNT = "SELECT count(*) FROM waiting WHERE queue = :queue"

FILLING = "SELECT count(*), coalesce(sum(length(body)), 0) FROM waiting WHERE queue = :queue"

SIZES = "SELECT n, length(body) FROM waiting WHERE queue = :queue ORDER BY n"

DROP_OLDEST = "DELETE FROM waiting WHERE queue = :queue AND n <= :upto"

COUNT_DROPPED = "UPDATE queue SET dropped = dropped + :dropped WHERE name = :queue"

DROPPED = "SELECT bounded, dropped FROM queue WHERE name = :queue"

# --- Hand out. `:held` is a JSON array of the `n` that consumers hold. ---

IS_READY = "queue = :queue AND n NOT IN (SELECT value FROM json_each(:held))"

READY = f"""SELECT n, message_id, routing_key, body, attempt, first_at, deliveries FROM waiting
    WHERE {IS_READY} ORDER BY n LIMIT :most"""  # noqa: S608 - a constant of ours

COUNT_READY = f"SELECT count(*) FROM waiting WHERE {IS_READY}"  # noqa: S608 - a constant of ours

OLDEST_READY = f"SELECT since FROM waiting WHERE {IS_READY} ORDER BY n LIMIT 1"  # noqa: S608 - a constant of ours

MARK = "UPDATE queue SET handed = max(handed, :n) WHERE name = :queue"

# --- Move. Each moves or removes nothing when another process has removed the row. ---

DROP = "DELETE FROM waiting WHERE n = :n"

REST = """INSERT INTO resting (queue, message_id, body, attempt, first_at, due_at, wait)
    SELECT queue, message_id, body, attempt + :counted,
        CASE WHEN :counted THEN coalesce(first_at, :now) ELSE first_at END, :now + :wait, :wait
    FROM waiting WHERE n = :n"""

PARK = """INSERT INTO parked (queue, message_id, body, attempt, reason, fault, first_at, last_at)
    SELECT queue, message_id, body, attempt + 1, :reason, :fault, coalesce(first_at, :now), :now
    FROM waiting WHERE n = :n"""

# --- After an unclean end ---

MARKED = "SELECT name, handed FROM queue WHERE handed > 0"

COUNT_DELIVERIES = "UPDATE waiting SET deliveries = deliveries + 1 WHERE queue = :queue AND n <= :handed"

PARK_WORN_OUT = """INSERT INTO parked (queue, message_id, body, attempt, reason, fault, first_at, last_at)
    SELECT queue, message_id, body, attempt, :reason, '', first_at, :now FROM waiting
    WHERE queue = :queue AND n <= :handed AND deliveries > :most ORDER BY n"""

DROP_WORN_OUT = "DELETE FROM waiting WHERE queue = :queue AND n <= :handed AND deliveries > :most"

CLEAR_MARKS = "UPDATE queue SET handed = 0 WHERE handed > 0"

# --- Rungs ---

NEXT_DUE = "SELECT min(due_at) FROM resting"

# `:longest` is for rows of an earlier release, which did not keep their wait.
SHORTEN = """UPDATE resting SET due_at = :now + coalesce(wait, :longest)
    WHERE due_at > :now + coalesce(wait, :longest)"""

RETURN = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, first_at, since)
    SELECT queue, message_id, queue, body, attempt, first_at, :now FROM resting WHERE due_at <= :now
    ORDER BY due_at, n"""

RETURNED = "DELETE FROM resting WHERE due_at <= :now"

# --- Parked ---

COUNT_PARKED = "SELECT count(*) FROM parked WHERE queue = :queue"

PARKED = """SELECT n, message_id, body, reason, fault, attempt, first_at, last_at FROM parked
    WHERE queue = :queue AND n > :after ORDER BY n LIMIT :most"""

REPLAY = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, since)
    SELECT queue, message_id, queue, body, 0, :now FROM parked WHERE queue = :queue AND message_id = :id ORDER BY n"""

DISCARD = "DELETE FROM parked WHERE queue = :queue AND message_id = :id"

# --- Empty a queue, in each state that a message can be in ---

EMPTY = (
    "DELETE FROM waiting WHERE queue = :queue",
    "DELETE FROM resting WHERE queue = :queue",
    "DELETE FROM parked WHERE queue = :queue",
)
