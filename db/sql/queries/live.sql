-- name: watches_with_messages
-- The numbers of the watches, from one on, whose viewers have messages that their snapshots do not know; and the moment
-- at which this was so. What a snapshot does not know was written by transactions from its xmin on, most of which are
-- those since. A row that was restored from another cluster may name one that is to come: by its time it is old. What
-- moves a conversation up is committed within an hour.
WITH watch AS (
    SELECT *
    FROM unnest(
        %(viewers)s::bigint[],
        %(conversation_ids)s::bigint[],
        %(times)s::timestamptz[],
        string_to_array(%(snapshots)s, ' ')::pg_snapshot[]
    ) WITH ORDINALITY AS w (viewer, conversation_id, seen_at, snapshot, number)
)

SELECT
    now() AS seen_at,
    pg_current_snapshot()::text AS snapshot,
    (
        SELECT
            hashtextextended(concat_ws(' ', c.system_identifier, extract(EPOCH FROM a.stats_reset)), 0)
            & 9223372036854775807
        FROM pg_control_system() AS c
        CROSS JOIN pg_stat_archiver AS a
    ) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS epoch,
    array(
        SELECT w.number
        FROM watch AS w
        WHERE
            EXISTS (
                SELECT
                FROM app.memberships(w.viewer) AS m
                CROSS JOIN
                    LATERAL (
                        SELECT said.id
                        FROM public.messages AS said
                        WHERE
                            said.conversation_id = m.conversation_id
                            AND said.written_in >= pg_snapshot_xmin(w.snapshot)
                            AND said.written_in < pg_snapshot_xmax(pg_current_snapshot())
                            AND NOT pg_visible_in_snapshot(said.written_in, w.snapshot)
                            AND said.created_at > w.seen_at - interval '1 day'
                        LIMIT 1
                    ) AS news
                WHERE
                    m.last_message_at > w.seen_at - interval '1 hour'
                    AND (w.conversation_id = 0 OR m.conversation_id = w.conversation_id)
                OFFSET 0
            )
    ) AS numbers;

-- name: messages_since
-- The ids of the messages that the viewer may see, in all conversations or in one, that a snapshot does not know; those
-- that `until` knows come first, and only with ids above `last_id`; the moment at which this was so, and whether there
-- are more than were looked at. In a conversation ids are in the order of commits, as they are drawn under its lock.
WITH found AS MATERIALIZED (
    SELECT
        news.id,
        news.written_in,
        news.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT m.conversation_id
        FROM app.memberships(%(viewer)s) AS m
        WHERE
            m.last_message_at > %(seen_at)s::timestamptz - interval '1 hour'
            AND (%(conversation_id)s::bigint = 0 OR m.conversation_id = %(conversation_id)s::bigint)
        ORDER BY m.last_message_at DESC
        LIMIT %(limit)s::integer + 1
    ) AS talked
    CROSS JOIN
        LATERAL (
            SELECT candidate.*
            FROM (
                SELECT
                    said.id,
                    said.written_in,
                    said.created_at,
                    row_number() OVER (ORDER BY said.written_in DESC) AS nth
                FROM public.messages AS said
                WHERE
                    said.conversation_id = talked.conversation_id
                    AND said.written_in >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
                    AND said.written_in < pg_snapshot_xmax(pg_current_snapshot())
                ORDER BY said.written_in DESC
                LIMIT %(reach)s::integer
            ) AS candidate
            WHERE
                candidate.nth = %(reach)s::integer
                OR (
                    NOT pg_visible_in_snapshot(candidate.written_in, %(snapshot)s::pg_snapshot)
                    AND candidate.created_at > %(seen_at)s::timestamptz - interval '1 day'
                    AND (
                        candidate.id > %(last_id)s
                        OR NOT pg_visible_in_snapshot(candidate.written_in, %(until)s::pg_snapshot)
                    )
                )
            LIMIT %(limit)s::integer + 1
        ) AS news
    LIMIT %(limit)s::integer + 1
),

seen AS MATERIALIZED (
    SELECT
        f.id,
        pg_visible_in_snapshot(f.written_in, %(until)s::pg_snapshot) AS is_begun
    FROM found AS f
    WHERE
        NOT f.is_stop
        AND EXISTS (
            SELECT FROM app.visible_messages(%(viewer)s) AS g
            WHERE g.id = f.id OFFSET 0
        )
)

SELECT
    now() AS seen_at,
    pg_current_snapshot()::text AS snapshot,
    (
        SELECT
            hashtextextended(concat_ws(' ', c.system_identifier, extract(EPOCH FROM a.stats_reset)), 0)
            & 9223372036854775807
        FROM pg_control_system() AS c
        CROSS JOIN pg_stat_archiver AS a
    ) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS epoch,
    coalesce(array_agg(s.id ORDER BY s.is_begun DESC, s.id ASC), '{}') AS ids,
    count(*) FILTER (WHERE s.is_begun) AS begun_count,
    (SELECT count(*) > %(limit)s::integer OR coalesce(bool_or(f.is_stop), FALSE) FROM found AS f) AS is_cut
FROM seen AS s;

-- name: watches_with_notifications
-- As watches_with_messages, for notifications.
WITH watch AS (
    SELECT *
    FROM unnest(
        %(viewers)s::bigint[], %(times)s::timestamptz[], string_to_array(%(snapshots)s, ' ')::pg_snapshot[]
    ) WITH ORDINALITY AS w (viewer, seen_at, snapshot, number)
)

SELECT
    now() AS seen_at,
    pg_current_snapshot()::text AS snapshot,
    (
        SELECT
            hashtextextended(concat_ws(' ', c.system_identifier, extract(EPOCH FROM a.stats_reset)), 0)
            & 9223372036854775807
        FROM pg_control_system() AS c
        CROSS JOIN pg_stat_archiver AS a
    ) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS epoch,
    array(
        SELECT w.number
        FROM watch AS w
        WHERE
            EXISTS (
                SELECT
                FROM public.notifications AS n
                WHERE
                    n.user_id = w.viewer
                    AND n.written_in >= pg_snapshot_xmin(w.snapshot)
                    AND n.written_in < pg_snapshot_xmax(pg_current_snapshot())
                    AND NOT pg_visible_in_snapshot(n.written_in, w.snapshot)
                    AND n.created_at > w.seen_at - interval '1 day'
                OFFSET 0
            )
    ) AS numbers;

-- name: notifications_since
-- As messages_since, of the viewer's notifications.
WITH found AS MATERIALIZED (
    SELECT
        candidate.id,
        candidate.written_in,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            n.id,
            n.written_in,
            n.created_at,
            row_number() OVER (ORDER BY n.written_in DESC) AS nth
        FROM public.notifications AS n
        WHERE
            n.user_id = %(viewer)s
            AND n.written_in >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
            AND n.written_in < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY n.written_in DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR (
            NOT pg_visible_in_snapshot(candidate.written_in, %(snapshot)s::pg_snapshot)
            AND candidate.created_at > %(seen_at)s::timestamptz - interval '1 day'
            AND (
                candidate.id > %(last_id)s
                OR NOT pg_visible_in_snapshot(candidate.written_in, %(until)s::pg_snapshot)
            )
        )
    LIMIT %(limit)s::integer + 1
),

seen AS MATERIALIZED (
    SELECT
        f.id,
        pg_visible_in_snapshot(f.written_in, %(until)s::pg_snapshot) AS is_begun
    FROM found AS f
    WHERE
        NOT f.is_stop
        AND EXISTS (
            SELECT FROM app.visible_notifications(%(viewer)s) AS n
            WHERE n.id = f.id OFFSET 0
        )
)

SELECT
    now() AS seen_at,
    pg_current_snapshot()::text AS snapshot,
    (
        SELECT
            hashtextextended(concat_ws(' ', c.system_identifier, extract(EPOCH FROM a.stats_reset)), 0)
            & 9223372036854775807
        FROM pg_control_system() AS c
        CROSS JOIN pg_stat_archiver AS a
    ) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS epoch,
    coalesce(array_agg(s.id ORDER BY s.is_begun DESC, s.id ASC), '{}') AS ids,
    count(*) FILTER (WHERE s.is_begun) AS begun_count,
    (SELECT count(*) > %(limit)s::integer OR coalesce(bool_or(f.is_stop), FALSE) FROM found AS f) AS is_cut
FROM seen AS s;

-- name: present_position
-- The moment at which a watch begins.
SELECT
    now() AS seen_at,
    pg_current_snapshot()::text AS snapshot,
    (
        SELECT
            hashtextextended(concat_ws(' ', c.system_identifier, extract(EPOCH FROM a.stats_reset)), 0)
            & 9223372036854775807
        FROM pg_control_system() AS c
        CROSS JOIN pg_stat_archiver AS a
    ) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS epoch;

-- name: notify_others
-- Notify who listens that this process has written.
SELECT pg_notify(%(channel)s, %(name)s);
