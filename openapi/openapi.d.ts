// The API as types, for openapi-fetch. Written by "npm run openapi".

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is up */
        get: operations["readLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the store can be read and written */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What has happened, for Prometheus */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List schedules, soonest first
         * @description A page may be shorter than the limit although more follow: nextCursor alone tells.
         */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Schedule a call
         * @description Sent again with the very same body within 24 hours, it answers with the schedule that is there, whatever has become of it: repeat it without a worry when a connection broke. The name of a finished schedule can be used again.
         */
        post: operations["createSchedule"];
        /**
         * Cancel all schedules whose name begins like this
         * @description Once this has answered, none that it has canceled is ever delivered. What is created meanwhile may escape it. Where it fails, ask again: it goes on.
         */
        delete: operations["cancelSchedules"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One schedule, with its attempts */
        get: operations["readSchedule"];
        put?: never;
        post?: never;
        /**
         * Cancel a schedule
         * @description Once this has answered, the schedule is never delivered. Answers the same when asked again.
         */
        delete: operations["cancelSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule, or move it to another moment
         * @description While it is scheduled, also between two attempts. It keeps its id and its attempts. With If-Match, only if nobody else has changed it since.
         */
        patch: operations["changeSchedule"];
        trace?: never;
    };
    "/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver a schedule now
         * @description Ahead of its time, or again after it was delivered, failed or expired, then with all its attempts. What was canceled is not delivered.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Schedule up to 1,000 calls
         * @description Each item is created as by POST /schedules, or refused, by itself; the results are in the order of the items. Sent again with the same items, it creates nothing twice where they have names. On the embedded engine all become durable in one commit. At most 8 MiB.
         */
        post: operations["createSchedules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many schedules there are when
         * @description By `at` and status, in intervals. What it costs depends on the intervals, and not on how many schedules there are.
         */
        get: operations["readTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/callbacks/{application}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wake a schedule up
         * @description For the function that the wake-ups of AWS come from; nobody else has a token. A wake-up is only a hint: one that comes early is held until the schedule is due, and one that comes twice or too late changes nothing.
         */
        post: operations["wakeUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description After the n-th attempt without success the next one comes after min(initialDelaySeconds × 2^(n−1), maxDelaySeconds), ±20 %, and no sooner than a Retry-After asks for.
         * @example {
         *       "maxAttempts": 8,
         *       "initialDelaySeconds": 5,
         *       "maxDelaySeconds": 3600
         *     }
         */
        Retry: {
            /** @default 8 */
            maxAttempts: number;
            /** @default 5 */
            initialDelaySeconds: number;
            /** @default 3600 */
            maxDelaySeconds: number;
        };
        /**
         * @description After the n-th attempt without success the next one comes after min(initialDelaySeconds × 2^(n−1), maxDelaySeconds), ±20 %, and no sooner than a Retry-After asks for.
         * @example {
         *       "maxAttempts": 8,
         *       "initialDelaySeconds": 5,
         *       "maxDelaySeconds": 3600
         *     }
         */
        RetryInput: {
            /** @default 8 */
            maxAttempts?: number;
            /** @default 5 */
            initialDelaySeconds?: number;
            /** @default 3600 */
            maxDelaySeconds?: number;
        };
        /**
         * @description The request that the owning application gets.
         * @example {
         *       "url": "http://localhost:3000/hooks/publish",
         *       "method": "POST",
         *       "headers": {}
         *     }
         */
        Target: {
            /** @description Where the call goes. Its origin must be one that the application's configuration allows. */
            url: string;
            /** @enum {string} */
            method: "POST" | "PUT" | "PATCH" | "DELETE" | "GET";
            /** @description Sent along with the call. Punctual's own headers, and those that frame a message, cannot be set. */
            headers: {
                [key: string]: string;
            };
        };
        /**
         * @description The request that the owning application is to get.
         * @example {
         *       "url": "http://localhost:3000/hooks/reminders/7",
         *       "method": "PUT",
         *       "headers": {
         *         "x-tenant": "7"
         *       }
         *     }
         */
        TargetInput: {
            /** @description Where the call goes. Its origin must be one that the application's configuration allows. */
            url: string;
            /**
             * @default POST
             * @enum {string}
             */
            method?: "POST" | "PUT" | "PATCH" | "DELETE" | "GET";
            /** @description Sent along with the call. Punctual's own headers, and those that frame a message, cannot be set. */
            headers?: {
                [key: string]: string;
            };
        };
        /**
         * @description Exactly one of at and delaySeconds.
         * @example {
         *       "name": "post-42",
         *       "at": "2030-12-01T09:00:00+05:30",
         *       "target": {
         *         "url": "http://localhost:3000/hooks/publish",
         *         "method": "POST"
         *       },
         *       "payload": {
         *         "postId": 42,
         *         "text": "hello"
         *       }
         *     }
         * @example {
         *       "name": "reminder-7",
         *       "at": "2030-10-27T02:30:00",
         *       "timeZone": "Europe/Berlin",
         *       "disambiguation": "later",
         *       "target": {
         *         "url": "http://localhost:3000/hooks/reminders/7",
         *         "method": "PUT",
         *         "headers": {
         *           "x-tenant": "7"
         *         }
         *       },
         *       "expiresAfterSeconds": 3600
         *     }
         * @example {
         *       "delaySeconds": 10,
         *       "target": {
         *         "url": "http://localhost:3000/hooks/publish",
         *         "method": "POST"
         *       },
         *       "payload": {
         *         "postId": 42,
         *         "text": "hello"
         *       },
         *       "retry": {
         *         "maxAttempts": 8,
         *         "initialDelaySeconds": 5,
         *         "maxDelaySeconds": 3600
         *       }
         *     }
         * @example {
         *       "name": "digest.user-7",
         *       "delaySeconds": 60,
         *       "target": {
         *         "url": "http://localhost:3000/hooks/publish",
         *         "method": "POST"
         *       },
         *       "payload": {
         *         "unread": 3
         *       },
         *       "ifExists": "replace"
         *     }
         */
        CreateSchedule: {
            /** @description Unique among the unfinished schedules of the application; also the idempotency key. Generated when absent. */
            name?: string;
            /** @description The moment, as RFC 3339 with an offset, up to the year 9999; or, with a timeZone, a local time without an offset. Up to 60 s in the past is delivered at once. */
            at?: string;
            /** @description Where at is a local time: the zone by its name in the IANA time zone database, such as Asia/Kolkata. */
            timeZone?: string;
            /**
             * @description With a timeZone: what a local time means that a clock change skips or repeats. By default it is refused.
             * @default reject
             * @enum {string}
             */
            disambiguation?: "reject" | "earlier" | "later";
            /** @description The moment, counted from now. */
            delaySeconds?: number;
            target: components["schemas"]["TargetInput"];
            /** @description Any JSON value up to 256 KiB. The owner gets its bytes as they are written here; null or nothing: an empty body. */
            payload?: unknown;
            retry?: components["schemas"]["RetryInput"];
            /** @description No attempt begins so long after the moment, or later: what could not be delivered by then is expired. By default nothing expires. */
            expiresAfterSeconds?: number;
            /**
             * @description What to do about an unfinished schedule of this name. fail: 409. replace: the newest wins, under a new id. keep: answer with the one there is.
             * @default fail
             * @enum {string}
             */
            ifExists?: "fail" | "replace" | "keep";
        } & (unknown | unknown);
        /**
         * @description What to change; at most one of at and delaySeconds. Each field that is given takes the place of the earlier one as a whole.
         * @example {
         *       "at": "2030-12-02T09:00:00+05:30"
         *     }
         * @example {
         *       "at": "2030-10-27T02:30:00",
         *       "timeZone": "Europe/Berlin",
         *       "disambiguation": "earlier"
         *     }
         * @example {
         *       "delaySeconds": 3600,
         *       "payload": {
         *         "postId": 42,
         *         "text": "hello again"
         *       },
         *       "expiresAfterSeconds": null
         *     }
         * @example {
         *       "target": {
         *         "url": "http://localhost:3000/hooks/reminders/7",
         *         "method": "PUT",
         *         "headers": {
         *           "x-tenant": "7"
         *         }
         *       },
         *       "retry": {
         *         "maxAttempts": 3
         *       }
         *     }
         */
        ChangeSchedule: {
            /** @description The moment, as RFC 3339 with an offset, up to the year 9999; or, with a timeZone, a local time without an offset. Up to 60 s in the past is delivered at once. */
            at?: string;
            /** @description Where at is a local time: the zone by its name in the IANA time zone database, such as Asia/Kolkata. */
            timeZone?: string;
            /**
             * @description With a timeZone: what a local time means that a clock change skips or repeats. By default it is refused.
             * @default reject
             * @enum {string}
             */
            disambiguation?: "reject" | "earlier" | "later";
            /** @description The moment, counted from now. */
            delaySeconds?: number;
            target?: components["schemas"]["TargetInput"];
            /** @description Any JSON value up to 256 KiB. The owner gets its bytes as they are written here; null or nothing: an empty body. */
            payload?: unknown;
            retry?: components["schemas"]["RetryInput"];
            /** @description No attempt begins so long after the moment, or later: what could not be delivered by then is expired. By default nothing expires. null: it does not expire any more. Left out: as long after the new moment as after the old one. */
            expiresAfterSeconds?: number | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "name": "post-42",
         *           "at": "2030-12-01T09:00:00+05:30",
         *           "target": {
         *             "url": "http://localhost:3000/hooks/publish",
         *             "method": "POST"
         *           },
         *           "payload": {
         *             "postId": 42,
         *             "text": "hello"
         *           }
         *         },
         *         {
         *           "name": "reminder-7",
         *           "at": "2030-10-27T02:30:00",
         *           "timeZone": "Europe/Berlin",
         *           "disambiguation": "later",
         *           "target": {
         *             "url": "http://localhost:3000/hooks/reminders/7",
         *             "method": "PUT",
         *             "headers": {
         *               "x-tenant": "7"
         *             }
         *           },
         *           "expiresAfterSeconds": 3600
         *         },
         *         {
         *           "delaySeconds": 10,
         *           "target": {
         *             "url": "http://localhost:3000/hooks/publish",
         *             "method": "POST"
         *           },
         *           "payload": {
         *             "postId": 42,
         *             "text": "hello"
         *           },
         *           "retry": {
         *             "maxAttempts": 8,
         *             "initialDelaySeconds": 5,
         *             "maxDelaySeconds": 3600
         *           }
         *         }
         *       ]
         *     }
         */
        CreateBatch: {
            /** @description As in POST /schedules. */
            items: components["schemas"]["CreateSchedule"][];
        };
        Attempt: {
            number: number;
            /**
             * Format: date-time
             * @description When it should have started.
             */
            dueAt: string;
            /**
             * Format: date-time
             * @description When it did.
             */
            startedAt: string;
            /** @description startedAt − dueAt. */
            latenessMs: number;
            durationMs: number;
            /**
             * @description interrupted: its process died, so that nobody knows; it is made again, and does not count against the retry policy.
             * @enum {string}
             */
            outcome: "delivered" | "retry" | "failed" | "interrupted";
            statusCode?: number;
            error?: string;
            /** @description The first 1 KiB of the answer. */
            responseBody?: string;
        };
        /**
         * @example {
         *       "name": "post-42",
         *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
         *       "application": "blog",
         *       "at": "2030-12-01T03:30:00.000Z",
         *       "target": {
         *         "url": "http://localhost:3000/hooks/publish",
         *         "method": "POST",
         *         "headers": {}
         *       },
         *       "payload": {
         *         "postId": 42,
         *         "text": "hello"
         *       },
         *       "retry": {
         *         "maxAttempts": 8,
         *         "initialDelaySeconds": 5,
         *         "maxDelaySeconds": 3600
         *       },
         *       "createdAt": "2030-11-30T10:00:00.000Z",
         *       "status": "delivered",
         *       "updatedAt": "2030-12-01T03:30:00.024Z",
         *       "finishedAt": "2030-12-01T03:30:00.024Z",
         *       "attempts": [
         *         {
         *           "number": 1,
         *           "dueAt": "2030-12-01T03:30:00.000Z",
         *           "startedAt": "2030-12-01T03:30:00.001Z",
         *           "latenessMs": 1,
         *           "durationMs": 20,
         *           "outcome": "delivered",
         *           "statusCode": 200,
         *           "responseBody": "ok"
         *         }
         *       ]
         *     }
         */
        Schedule: {
            /** @description Unique among the unfinished schedules of the application; also the idempotency key. */
            name: string;
            /**
             * Format: uuid
             * @description One incarnation of the name. The owner gets it as webhook-id, the same on every attempt.
             */
            id: string;
            application: string;
            /** @enum {string} */
            status: "scheduled" | "delivering" | "delivered" | "failed" | "canceled" | "expired";
            /**
             * Format: date-time
             * @description The moment asked for.
             */
            at: string;
            /** @description Where it was asked for as a local time: the zone. */
            timeZone?: string;
            /**
             * Format: date-time
             * @description The moment as that zone's clocks show it, with their offset then.
             */
            localTime?: string;
            target: components["schemas"]["Target"];
            /** @description Any JSON value up to 256 KiB. The owner gets its bytes as they are written here; null or nothing: an empty body. */
            payload?: unknown;
            retry: components["schemas"]["Retry"];
            /**
             * Format: date-time
             * @description No attempt begins then or later.
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description While scheduled: the moment of the next attempt.
             */
            nextAttemptAt?: string;
            /**
             * Format: date-time
             * @description When the request came.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it was delivered, failed, was canceled or expired.
             */
            finishedAt?: string;
            /** @description The last 20 that have ended, oldest first. */
            attempts: components["schemas"]["Attempt"][];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "name": "post-42",
         *           "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
         *           "application": "blog",
         *           "at": "2030-12-01T03:30:00.000Z",
         *           "target": {
         *             "url": "http://localhost:3000/hooks/publish",
         *             "method": "POST",
         *             "headers": {}
         *           },
         *           "payload": {
         *             "postId": 42,
         *             "text": "hello"
         *           },
         *           "retry": {
         *             "maxAttempts": 8,
         *             "initialDelaySeconds": 5,
         *             "maxDelaySeconds": 3600
         *           },
         *           "createdAt": "2030-11-30T10:00:00.000Z",
         *           "status": "delivered",
         *           "updatedAt": "2030-12-01T03:30:00.024Z",
         *           "finishedAt": "2030-12-01T03:30:00.024Z",
         *           "attempts": [
         *             {
         *               "number": 1,
         *               "dueAt": "2030-12-01T03:30:00.000Z",
         *               "startedAt": "2030-12-01T03:30:00.001Z",
         *               "latenessMs": 1,
         *               "durationMs": 20,
         *               "outcome": "delivered",
         *               "statusCode": 200,
         *               "responseBody": "ok"
         *             }
         *           ]
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        ScheduleList: {
            items: components["schemas"]["Schedule"][];
            /** @description Give it as cursor to get the next page; null on the last one. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "canceled": 3,
         *       "skipped": 1
         *     }
         */
        Canceled: {
            /** @description How many were scheduled, and are canceled now. */
            canceled: number;
            /** @description How many were not scheduled: being delivered, or finished. */
            skipped: number;
        };
        /** @description How many schedules have their `at` in this interval. */
        TimelineBucket: {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            from: string;
            /**
             * Format: date-time
             * @description Where it ends; what is at this moment is in the next one.
             */
            to: string;
            /** @description By status, of those that were asked for; what is being delivered counts as scheduled. */
            counts: {
                scheduled?: number;
                delivered?: number;
                failed?: number;
                canceled?: number;
                expired?: number;
            };
        };
        /**
         * @example {
         *       "countedUpTo": 1000,
         *       "buckets": [
         *         {
         *           "from": "2030-12-01T03:00:00.000Z",
         *           "to": "2030-12-01T04:00:00.000Z",
         *           "counts": {
         *             "scheduled": 0,
         *             "delivered": 12,
         *             "failed": 1,
         *             "canceled": 2,
         *             "expired": 0
         *           }
         *         },
         *         {
         *           "from": "2030-12-01T04:00:00.000Z",
         *           "to": "2030-12-01T05:00:00.000Z",
         *           "counts": {
         *             "scheduled": 1000,
         *             "delivered": 0,
         *             "failed": 0,
         *             "canceled": 0,
         *             "expired": 0
         *           }
         *         }
         *       ]
         *     }
         */
        Timeline: {
            /** @description A count of this much means: so many, or more. */
            countedUpTo: number;
            /** @description In the order of time. */
            buckets: components["schemas"]["TimelineBucket"][];
        };
        /**
         * @example {
         *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10"
         *     }
         */
        WakeUp: {
            /** @description The incarnation of the name that is to be looked at. */
            id: string;
        };
        /**
         * @example {
         *       "result": "taken"
         *     }
         */
        WakeUpTaken: {
            /** @enum {string} */
            result: "taken" | "finished" | "replaced" | "being_delivered" | "too_early";
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        /**
         * @description RFC 9457 problem details.
         * @example {
         *       "type": "about:blank",
         *       "title": "The request is invalid",
         *       "status": 422,
         *       "code": "invalid_request",
         *       "detail": "/delaySeconds must be number.",
         *       "errors": [
         *         {
         *           "pointer": "/delaySeconds",
         *           "message": "must be number"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** Format: uri-reference */
            type: string;
            title: string;
            status: number;
            /**
             * @description Stable: what programs go by.
             * @enum {string}
             */
            code: "malformed_request" | "malformed_json" | "unauthorized" | "target_not_allowed" | "not_found" | "method_not_allowed" | "request_timeout" | "name_in_use" | "being_delivered" | "already_finished" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "precondition_failed" | "invalid_request" | "too_many_requests" | "too_many_pending" | "headers_too_large" | "internal_error" | "unavailable";
            /** @description For people: what to change. */
            detail: string;
            errors?: {
                /** @description A JSON pointer (RFC 6901) to the field or query parameter. */
                pointer: string;
                message: string;
            }[];
        };
        /** @description Either the schedule, or what is wrong with the item. */
        BatchItemResult: {
            /** @description The status that POST /schedules would have answered with. */
            status: number;
            schedule?: components["schemas"]["Schedule"];
            problem?: components["schemas"]["Problem"];
            /** @description With Prefer: return=minimal, in the place of the schedule. */
            name?: string;
            /** @description With Prefer: return=minimal, in the place of the schedule. */
            id?: string;
        };
        /**
         * @example {
         *       "results": [
         *         {
         *           "status": 201,
         *           "schedule": {
         *             "name": "post-42",
         *             "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
         *             "application": "blog",
         *             "at": "2030-12-01T03:30:00.000Z",
         *             "target": {
         *               "url": "http://localhost:3000/hooks/publish",
         *               "method": "POST",
         *               "headers": {}
         *             },
         *             "payload": {
         *               "postId": 42,
         *               "text": "hello"
         *             },
         *             "retry": {
         *               "maxAttempts": 8,
         *               "initialDelaySeconds": 5,
         *               "maxDelaySeconds": 3600
         *             },
         *             "createdAt": "2030-11-30T10:00:00.000Z",
         *             "status": "scheduled",
         *             "nextAttemptAt": "2030-12-01T03:30:00.000Z",
         *             "updatedAt": "2030-11-30T10:00:00.000Z",
         *             "attempts": []
         *           }
         *         },
         *         {
         *           "status": 409,
         *           "problem": {
         *             "type": "about:blank",
         *             "title": "The name is in use",
         *             "status": 409,
         *             "code": "name_in_use",
         *             "detail": "There is a schedule post-42 already, status scheduled, id 0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10."
         *           }
         *         }
         *       ]
         *     }
         */
        BatchResult: {
            /** @description One for each item, in their order. */
            results: components["schemas"]["BatchItemResult"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example punctual_sweep_rescued_total{application="blog"} 0 */
                    "text/plain": string;
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Only those in this status. */
                status?: "scheduled" | "delivering" | "delivered" | "failed" | "canceled" | "expired";
                /** @description Only those with this `at` or a later one (RFC 3339 with an offset, such as `2030-12-01T00:00:00Z`). */
                from?: string;
                /** @description Only those with an `at` before this one (RFC 3339 with an offset). */
                to?: string;
                /** @description How many at most; large payloads make a page shorter. */
                limit?: number;
                /** @description Only those whose name begins with this; such a list is in the order of names. */
                namePrefix?: string;
                /** @description The nextCursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "post-42",
                     *           "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *           "application": "blog",
                     *           "at": "2030-12-01T03:30:00.000Z",
                     *           "target": {
                     *             "url": "http://localhost:3000/hooks/publish",
                     *             "method": "POST",
                     *             "headers": {}
                     *           },
                     *           "payload": {
                     *             "postId": 42,
                     *             "text": "hello"
                     *           },
                     *           "retry": {
                     *             "maxAttempts": 8,
                     *             "initialDelaySeconds": 5,
                     *             "maxDelaySeconds": 3600
                     *           },
                     *           "createdAt": "2030-11-30T10:00:00.000Z",
                     *           "status": "delivered",
                     *           "updatedAt": "2030-12-01T03:30:00.024Z",
                     *           "finishedAt": "2030-12-01T03:30:00.024Z",
                     *           "attempts": [
                     *             {
                     *               "number": 1,
                     *               "dueAt": "2030-12-01T03:30:00.000Z",
                     *               "startedAt": "2030-12-01T03:30:00.001Z",
                     *               "latenessMs": 1,
                     *               "durationMs": 20,
                     *               "outcome": "delivered",
                     *               "statusCode": 200,
                     *               "responseBody": "ok"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            /** @description The request is malformed */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSchedule"];
            };
        };
        responses: {
            /** @description This request has been answered before, or the one there is was to be kept: that schedule. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "scheduled",
                     *       "nextAttemptAt": "2030-12-01T03:30:00.000Z",
                     *       "updatedAt": "2030-11-30T10:00:00.000Z",
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description It is recorded, durably, and will be delivered. */
            201: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description The schedule's address. */
                    location?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "scheduled",
                     *       "nextAttemptAt": "2030-12-01T03:30:00.000Z",
                     *       "updatedAt": "2030-11-30T10:00:00.000Z",
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The target is not allowed */
            403: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name is in use, or: The schedule is being delivered */
            409: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or: Too many unfinished schedules */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelSchedules: {
        parameters: {
            query: {
                /**
                 * @description All whose name begins with this.
                 * @example post-
                 */
                namePrefix: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "canceled": 3,
                     *       "skipped": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Canceled"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of what the caller has: if it is still that, the answer is 304. */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description The schedule's name.
                 * @example post-42
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "delivered",
                     *       "updatedAt": "2030-12-01T03:30:00.024Z",
                     *       "finishedAt": "2030-12-01T03:30:00.024Z",
                     *       "attempts": [
                     *         {
                     *           "number": 1,
                     *           "dueAt": "2030-12-01T03:30:00.000Z",
                     *           "startedAt": "2030-12-01T03:30:00.001Z",
                     *           "latenessMs": 1,
                     *           "durationMs": 20,
                     *           "outcome": "delivered",
                     *           "statusCode": 200,
                     *           "responseBody": "ok"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description It is as If-None-Match names it. */
            304: {
                headers: {
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is too long */
            414: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of what is to be changed: if it is another by now, nothing is. */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The schedule's name.
                 * @example post-42
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is canceled. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "canceled",
                     *       "updatedAt": "2030-11-30T11:00:00.000Z",
                     *       "finishedAt": "2030-11-30T11:00:00.000Z",
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule is being delivered, or: The schedule has finished */
            409: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has changed */
            412: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is too long */
            414: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of what is to be changed: if it is another by now, nothing is. */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The schedule's name.
                 * @example post-42
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSchedule"];
            };
        };
        responses: {
            /** @description It is changed, durably. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "scheduled",
                     *       "nextAttemptAt": "2030-12-01T03:30:00.000Z",
                     *       "updatedAt": "2030-11-30T10:00:00.000Z",
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The target is not allowed */
            403: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule is being delivered, or: The schedule has finished */
            409: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has changed */
            412: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is too long */
            414: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of what is to be changed: if it is another by now, nothing is. */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The schedule's name.
                 * @example post-42
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due now, durably: read it to see what came of it. */
            202: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description What it is now: for If-Match and If-None-Match. */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "post-42",
                     *       "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *       "application": "blog",
                     *       "at": "2030-12-01T03:30:00.000Z",
                     *       "target": {
                     *         "url": "http://localhost:3000/hooks/publish",
                     *         "method": "POST",
                     *         "headers": {}
                     *       },
                     *       "payload": {
                     *         "postId": 42,
                     *         "text": "hello"
                     *       },
                     *       "retry": {
                     *         "maxAttempts": 8,
                     *         "initialDelaySeconds": 5,
                     *         "maxDelaySeconds": 3600
                     *       },
                     *       "createdAt": "2030-11-30T10:00:00.000Z",
                     *       "status": "scheduled",
                     *       "nextAttemptAt": "2030-11-30T12:00:00.000Z",
                     *       "updatedAt": "2030-11-30T12:00:00.000Z",
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule is being delivered, or: The schedule has finished */
            409: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has changed */
            412: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is too long */
            414: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSchedules: {
        parameters: {
            query?: never;
            header?: {
                /** @description return=minimal: of each schedule only its name and id are answered, which is several times less. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBatch"];
            };
        };
        responses: {
            /** @description What came of each item. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description return=minimal, where that was asked for. */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "status": 201,
                     *           "schedule": {
                     *             "name": "post-42",
                     *             "id": "0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10",
                     *             "application": "blog",
                     *             "at": "2030-12-01T03:30:00.000Z",
                     *             "target": {
                     *               "url": "http://localhost:3000/hooks/publish",
                     *               "method": "POST",
                     *               "headers": {}
                     *             },
                     *             "payload": {
                     *               "postId": 42,
                     *               "text": "hello"
                     *             },
                     *             "retry": {
                     *               "maxAttempts": 8,
                     *               "initialDelaySeconds": 5,
                     *               "maxDelaySeconds": 3600
                     *             },
                     *             "createdAt": "2030-11-30T10:00:00.000Z",
                     *             "status": "scheduled",
                     *             "nextAttemptAt": "2030-12-01T03:30:00.000Z",
                     *             "updatedAt": "2030-11-30T10:00:00.000Z",
                     *             "attempts": []
                     *           }
                     *         },
                     *         {
                     *           "status": 409,
                     *           "problem": {
                     *             "type": "about:blank",
                     *             "title": "The name is in use",
                     *             "status": 409,
                     *             "code": "name_in_use",
                     *             "detail": "There is a schedule post-42 already, status scheduled, id 0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10."
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            /** @description The request is malformed, or: The body is not JSON */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTimeline: {
        parameters: {
            query: {
                /**
                 * @description Where the first interval begins (RFC 3339 with an offset).
                 * @example 2030-12-01T03:00:00Z
                 */
                from: string;
                /**
                 * @description Where the last one ends (RFC 3339 with an offset).
                 * @example 2030-12-01T05:00:00Z
                 */
                to: string;
                /** @description How many intervals, all equally long. */
                buckets?: number;
                /** @description Only those in this status, or these: it may come several times. */
                status?: ("scheduled" | "delivered" | "failed" | "canceled" | "expired")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts for each interval. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "countedUpTo": 1000,
                     *       "buckets": [
                     *         {
                     *           "from": "2030-12-01T03:00:00.000Z",
                     *           "to": "2030-12-01T04:00:00.000Z",
                     *           "counts": {
                     *             "scheduled": 0,
                     *             "delivered": 12,
                     *             "failed": 1,
                     *             "canceled": 2,
                     *             "expired": 0
                     *           }
                     *         },
                     *         {
                     *           "from": "2030-12-01T04:00:00.000Z",
                     *           "to": "2030-12-01T05:00:00.000Z",
                     *           "counts": {
                     *             "scheduled": 1000,
                     *             "delivered": 0,
                     *             "failed": 0,
                     *             "canceled": 0,
                     *             "expired": 0
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description The request is malformed */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wakeUp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example blog */
                application: string;
                /**
                 * @description The schedule's name.
                 * @example post-42
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WakeUp"];
            };
        };
        responses: {
            /** @description There is nothing to do: finished, canceled, replaced, or being delivered already. */
            200: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result": "finished"
                     *     }
                     */
                    "application/json": components["schemas"]["WakeUpTaken"];
                };
            };
            /** @description It is seen to: at once, or when it is due. */
            202: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result": "taken"
                     *     }
                     */
                    "application/json": components["schemas"]["WakeUpTaken"];
                };
            };
            /** @description The body is not JSON, or: The request is malformed */
            400: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is too long */
            414: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of an unsupported type */
            415: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is invalid */
            422: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    /** @description What this request is called in the log. */
                    "x-request-id"?: string;
                    /** @description When to try again, in seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
