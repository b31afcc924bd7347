PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE binding (type TEXT, queue TEXT, PRIMARY KEY (type, queue)) WITHOUT ROWID;
INSERT INTO "binding" VALUES('agency.registered','notifications.agencies');
INSERT INTO "binding" VALUES('agency.registered','scoring.agencies');
INSERT INTO "binding" VALUES('agency.retired','notifications.agencies');
INSERT INTO "binding" VALUES('agency.retired','scoring.agencies');
INSERT INTO "binding" VALUES('innovation.drafted','notifications.innovations');
INSERT INTO "binding" VALUES('innovation.drafted','scoring.innovations');
INSERT INTO "binding" VALUES('innovation.returned','notifications.innovations');
INSERT INTO "binding" VALUES('innovation.returned','scoring.innovations');
INSERT INTO "binding" VALUES('innovation.submitted','notifications.innovations');
INSERT INTO "binding" VALUES('innovation.submitted','scoring.innovations');
INSERT INTO "binding" VALUES('innovation.verified','notifications.innovations');
INSERT INTO "binding" VALUES('innovation.verified','scoring.innovations');
INSERT INTO "binding" VALUES('innovation.withdrawn','notifications.innovations');
INSERT INTO "binding" VALUES('innovation.withdrawn','scoring.innovations');
INSERT INTO "binding" VALUES('region.registered','notifications.regions');
INSERT INTO "binding" VALUES('region.registered','scoring.regions');
CREATE TABLE parked (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL, attempt INTEGER NOT NULL,
        reason TEXT NOT NULL, fault TEXT NOT NULL, first_at INTEGER, last_at INTEGER NOT NULL);
CREATE TABLE pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL);
INSERT INTO "pulse" VALUES(1,3);
CREATE TABLE queue (name TEXT PRIMARY KEY, handed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "queue" VALUES('notifications.agencies',0);
INSERT INTO "queue" VALUES('notifications.innovations',0);
INSERT INTO "queue" VALUES('notifications.regions',0);
INSERT INTO "queue" VALUES('scoring.agencies',0);
INSERT INTO "queue" VALUES('scoring.innovations',0);
INSERT INTO "queue" VALUES('scoring.regions',0);
CREATE TABLE resting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, due_at INTEGER NOT NULL, wait INTEGER);
CREATE TABLE tail (queue TEXT PRIMARY KEY, beat_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE waiting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, routing_key TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, since INTEGER NOT NULL, deliveries INTEGER NOT NULL DEFAULT 0);
CREATE INDEX queued ON waiting (queue, n);
CREATE INDEX due ON resting (due_at, n);
CREATE INDEX parked_of ON parked (queue, n);
CREATE INDEX parked_id ON parked (queue, message_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('waiting',16);
COMMIT;
