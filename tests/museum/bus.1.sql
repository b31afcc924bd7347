BEGIN TRANSACTION;
CREATE TABLE binding (type TEXT, queue TEXT, PRIMARY KEY (type, queue)) WITHOUT ROWID;
INSERT INTO "binding" VALUES('agency.registered','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('agency.registered','tests.agencies');
INSERT INTO "binding" VALUES('agency.retired','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('agency.retired','tests.agencies');
INSERT INTO "binding" VALUES('alert.failed','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('alert.sent','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.drafted','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.returned','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.scored','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.submitted','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.verified','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('innovation.withdrawn','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('obligation.exempted','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('obligation.fulfilled','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('obligation.opened','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('obligation.overdue','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('region.indexed','tail.0000000000000aaa.00000001');
INSERT INTO "binding" VALUES('region.registered','tail.0000000000000aaa.00000001');
CREATE TABLE owner (id TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "owner" VALUES('0000000000000aaa');
INSERT INTO "owner" VALUES('0000000000000bbb');
CREATE TABLE parked (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL, attempt INTEGER NOT NULL,
        reason TEXT NOT NULL, fault TEXT NOT NULL, first_at INTEGER, last_at INTEGER NOT NULL);
INSERT INTO "parked" VALUES(1,'tests.agencies','agency/2',X'7B226E223A20327D',1,'KeyError: ''name''','KeyError',1795000008000,1795000008000);
CREATE TABLE pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL);
CREATE TABLE queue (name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "queue" VALUES('tests.agencies');
CREATE TABLE resting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, due_at INTEGER NOT NULL);
INSERT INTO "resting" VALUES(2,'tests.agencies','agency/1',X'7B226E223A20317D',1,1795000005000,4795000005000);
CREATE TABLE waiting (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL, message_id TEXT NOT NULL, routing_key TEXT NOT NULL, body BLOB NOT NULL,
        attempt INTEGER NOT NULL, first_at INTEGER, since INTEGER NOT NULL,
        deliveries INTEGER NOT NULL DEFAULT 0, owner TEXT, inbox INTEGER);
INSERT INTO "waiting" VALUES(4,'tests.agencies','agency/0','tests.agencies',X'7B226E223A20307D',1,1795000004000,1795000010000,1,'0000000000000aaa',2);
INSERT INTO "waiting" VALUES(5,'tests.agencies','agency/3','agency.registered',X'7B226E223A20337D',0,NULL,1795000014000,1,'0000000000000aaa',2);
INSERT INTO "waiting" VALUES(6,'tests.agencies','agency/4','agency.registered',X'7B226E223A20347D',0,NULL,1795000015000,1,'0000000000000bbb',1);
INSERT INTO "waiting" VALUES(7,'tests.agencies','agency/5','agency.registered',X'7B226E223A20357D',0,NULL,1795000016000,1,'0000000000000bbb',1);
INSERT INTO "waiting" VALUES(8,'tests.agencies','agency/6','agency.registered',X'7B226E223A20367D',0,NULL,1795000017000,1,'0000000000000ccc',1);
INSERT INTO "waiting" VALUES(9,'tests.agencies','agency/7','agency.registered',X'7B226E223A20377D',0,NULL,1795000018000,1,'0000000000000ccc',1);
INSERT INTO "waiting" VALUES(10,'tests.agencies','agency/8','agency.registered',X'7B226E223A20387D',0,NULL,1795000019000,0,NULL,NULL);
INSERT INTO "waiting" VALUES(11,'tests.agencies','agency/9','agency.registered',X'7B226E223A20397D',0,NULL,1795000020000,0,NULL,NULL);
INSERT INTO "waiting" VALUES(12,'tests.agencies','agency/10','agency.registered',X'7B226E223A2031307D',0,NULL,1795000021000,0,NULL,NULL);
INSERT INTO "waiting" VALUES(13,'tests.agencies','agency/11','agency.registered',X'7B226E223A2031317D',0,NULL,1795000022000,0,NULL,NULL);
INSERT INTO "waiting" VALUES(14,'tail.0000000000000aaa.00000001','agency/12','agency.registered',X'7B226E223A2031327D',0,NULL,1795000023000,0,NULL,NULL);
INSERT INTO "waiting" VALUES(15,'tests.agencies','agency/12','agency.registered',X'7B226E223A2031327D',0,NULL,1795000023000,0,NULL,NULL);
CREATE INDEX ready ON waiting (queue, n) WHERE owner IS NULL;
CREATE INDEX queued ON waiting (queue, n);
CREATE INDEX held ON waiting (owner, inbox) WHERE owner IS NOT NULL;
CREATE INDEX due ON resting (due_at, n);
CREATE INDEX parked_of ON parked (queue, n);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('waiting',15);
INSERT INTO "sqlite_sequence" VALUES('resting',2);
INSERT INTO "sqlite_sequence" VALUES('parked',1);
COMMIT;
PRAGMA user_version = 1;
