"""The tables of the embedded bus: one for each state a message can be in.

`waiting`: in a queue, ready (no owner) or held by an inbox of an owner. `resting`: on a rung until `due_at`; it then
comes back to the end of its queue. `parked`: set aside with its trouble. Times are machine time in milliseconds.
`n` is never used twice, so it is a delivery's tag and the order of a queue.
"""

from __future__ import annotations

SCHEMA = 1

DDL = (
    "CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS binding (type TEXT, queue TEXT, PRIMARY KEY (type, queue)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS owner (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS waiting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, routing_key TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, since INTEGER NOT NULL,
        deliveries INTEGER NOT NULL DEFAULT 0, owner TEXT, inbox INTEGER)""",
    "CREATE INDEX IF NOT EXISTS ready ON waiting (queue, n) WHERE owner IS NULL",
    "CREATE INDEX IF NOT EXISTS queued ON waiting (queue, n)",
    "CREATE INDEX IF NOT EXISTS held ON waiting (owner, inbox) WHERE owner IS NOT NULL",
    """CREATE TABLE IF NOT EXISTS resting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, due_at INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS due ON resting (due_at, n)",
    """CREATE TABLE IF NOT EXISTS parked (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL, attempt INTEGER NOT NULL,
        reason TEXT NOT NULL, fault TEXT NOT NULL, first_at INTEGER, last_at INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS parked_of ON parked (queue, n)",
)

KNOWN = "SELECT 1 FROM queue WHERE name = :queue"

BEAT = "INSERT INTO pulse VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = beats + 1"

DELIVER = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, since)
    SELECT queue, :id, :type, :body, 0, :now FROM binding WHERE type = :type"""

READY = """SELECT n, message_id, routing_key, body, attempt, first_at, deliveries FROM waiting
    WHERE queue = :queue AND owner IS NULL ORDER BY n LIMIT :most"""

HOLD = "UPDATE waiting SET owner = :owner, inbox = :inbox, deliveries = deliveries + 1 WHERE n = :n"

MINE = "n = :n AND owner = :owner AND inbox = :inbox"

ACK = f"DELETE FROM waiting WHERE {MINE}"  # noqa: S608 - MINE is the constant above

REST = f"""INSERT INTO resting (queue, message_id, body, attempt, first_at, due_at)
    SELECT queue, message_id, body, attempt + :counted,
        CASE WHEN :counted THEN coalesce(first_at, :now) ELSE first_at END, :due
    FROM waiting WHERE {MINE}"""  # noqa: S608 - MINE is the constant above

PARK = f"""INSERT INTO parked (queue, message_id, body, attempt, reason, fault, first_at, last_at)
    SELECT queue, message_id, body, attempt + 1, :reason, :fault, coalesce(first_at, :now), :now
    FROM waiting WHERE {MINE}"""  # noqa: S608 - MINE is the constant above

PARK_WORN_OUT = """INSERT INTO parked (queue, message_id, body, attempt, reason, fault, first_at, last_at)
    SELECT queue, message_id, body, attempt, :reason, '', first_at, :now FROM waiting WHERE n = :n"""

DROP = "DELETE FROM waiting WHERE n = :n"

GIVE_BACK_UNTAKEN = f"UPDATE waiting SET deliveries = deliveries - 1 WHERE {MINE}"  # noqa: S608 - MINE is above

GIVE_BACK = "UPDATE waiting SET owner = NULL, inbox = NULL WHERE owner = :owner AND inbox = :inbox"

GIVE_BACK_ALL = "UPDATE waiting SET owner = NULL, inbox = NULL WHERE owner = :owner"

NEXT_DUE = "SELECT min(due_at) FROM resting"

RETURN = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, first_at, since)
    SELECT queue, message_id, queue, body, attempt, first_at, :now FROM resting WHERE due_at <= :now
    ORDER BY due_at, n"""

RETURNED = "DELETE FROM resting WHERE due_at <= :now"

COUNT_READY = "SELECT count(*) FROM waiting WHERE queue = :queue AND owner IS NULL"

COUNT_PARKED = "SELECT count(*) FROM parked WHERE queue = :queue"

OLDEST = "SELECT since FROM waiting WHERE queue = :queue ORDER BY n LIMIT 1"

PARKED = """SELECT n, message_id, body, reason, fault, attempt, first_at, last_at FROM parked
    WHERE queue = :queue AND n > :after ORDER BY n LIMIT :most"""

REPLAY = """INSERT INTO waiting (queue, message_id, routing_key, body, attempt, since)
    SELECT queue, message_id, queue, body, 0, :now FROM parked WHERE queue = :queue AND message_id = :id ORDER BY n"""

DISCARD = "DELETE FROM parked WHERE queue = :queue AND message_id = :id"
