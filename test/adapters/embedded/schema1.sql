-- A store as the first version of the schema left it, with a schedule in each state.
PRAGMA application_id = 1347306324;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE application (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO "application" VALUES(1,'blog');
CREATE TABLE content (
    seq INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    method TEXT NOT NULL,
    headers TEXT NOT NULL,
    payload TEXT,
    retry TEXT NOT NULL,
    traceparent TEXT
  ) STRICT;
INSERT INTO "content" VALUES(1,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
INSERT INTO "content" VALUES(2,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
INSERT INTO "content" VALUES(3,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
INSERT INTO "content" VALUES(4,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
INSERT INTO "content" VALUES(5,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
INSERT INTO "content" VALUES(6,'http://127.0.0.1:3000/hook','POST','{"x-tenant":"7"}','{ "postId": 42 }','{"maxAttempts":8,"initialDelaySeconds":5,"maxDelaySeconds":3600}',NULL);
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 0), count INTEGER NOT NULL) STRICT;
INSERT INTO "probe" VALUES(0,0);
CREATE TABLE schedule (
    seq INTEGER PRIMARY KEY,
    application INTEGER NOT NULL REFERENCES application,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    due_at INTEGER,
    arming INTEGER NOT NULL,
    request_digest TEXT NOT NULL,
    delivery TEXT,
    attempt_count INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    attempts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    remove_at INTEGER
  ) STRICT;
INSERT INTO "schedule" VALUES(1,1,'waiting','00000000-0000-4000-8000-000000000001',1,0,4070908800000,4070908800000,1,'1',NULL,0,0,'[]',1800000000000,1800000000000,NULL,NULL);
INSERT INTO "schedule" VALUES(2,1,'retrying','00000000-0000-4000-8000-000000000002',3,1,4070908800000,4070908805003,2,'2',NULL,1,1,'[{"number":1,"dueAt":4070908800000,"startedAt":4070908800001,"durationMs":2,"outcome":"retry","statusCode":500,"error":"the owner answered 500"}]',1800000000000,4070908800003,NULL,NULL);
INSERT INTO "schedule" VALUES(3,1,'delivering','00000000-0000-4000-8000-000000000003',2,2,4070908800000,4070908820000,1,'3','{"number":1,"dueAt":4070908800000,"claimedAt":4070908800000}',1,0,'[]',1800000000000,4070908800000,NULL,NULL);
INSERT INTO "schedule" VALUES(4,1,'delivered','00000000-0000-4000-8000-000000000004',3,3,4070908800000,NULL,1,'4',NULL,1,1,'[{"number":1,"dueAt":4070908800000,"startedAt":4070908800000,"durationMs":2,"outcome":"delivered","statusCode":200,"responseBody":"ok"}]',1800000000000,4070908800003,4070908800003,4070995200003);
INSERT INTO "schedule" VALUES(5,1,'failed','00000000-0000-4000-8000-000000000005',3,4,4070908800000,NULL,1,'5',NULL,1,1,'[{"number":1,"dueAt":4070908800000,"startedAt":4070908800000,"durationMs":2,"outcome":"failed","statusCode":410}]',1800000000000,4070908800003,4070908800003,4070995200003);
INSERT INTO "schedule" VALUES(6,1,'canceled','00000000-0000-4000-8000-000000000006',2,5,4070908800000,NULL,1,'6',NULL,0,0,'[]',1800000000000,4070908800000,4070908800000,4070995200000);
CREATE UNIQUE INDEX schedule_name ON schedule (application, name);
CREATE INDEX schedule_listing ON schedule (application, state, at);
CREATE INDEX schedule_due ON schedule (application, due_at) WHERE state IN (1, 2);
CREATE INDEX schedule_removal ON schedule (remove_at) WHERE remove_at IS NOT NULL;
CREATE VIEW schedules AS
    SELECT application.name AS application, schedule.name, schedule.id,
      CASE state WHEN 0 THEN 'scheduled' WHEN 1 THEN 'scheduled' WHEN 2 THEN 'delivering' WHEN 3 THEN 'delivered'
                 WHEN 4 THEN 'failed' WHEN 5 THEN 'canceled' END AS status,
      strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
      strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1000.0, 'unixepoch') AS due_at,
      attempt_count, method, url, payload, attempts
    FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq);
COMMIT;
