-- Drops, by name and never CASCADE, the triggers and functions of schema app that this transaction has not written.
-- CREATE OR REPLACE writes its catalogue row anew, so after all files are applied, what an older transaction wrote
-- belongs to a text that is gone. In a transaction that applied none, everything goes: what a downgrade needs.
DO $$
DECLARE
    stale record;
BEGIN
    FOR stale IN
        SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS command
        FROM pg_trigger AS t
        INNER JOIN pg_proc AS p ON t.tgfoid = p.oid
        WHERE p.pronamespace = 'app'::regnamespace
            AND NOT t.tgisinternal
            AND t.xmin <> pg_current_xact_id()::xid
    LOOP
        EXECUTE stale.command;
    END LOOP;
    -- In reverse order of creation: a function may return what another one made.
    FOR stale IN
        SELECT format('DROP FUNCTION %s', p.oid::regprocedure) AS command
        FROM pg_proc AS p
        WHERE p.pronamespace = 'app'::regnamespace
            AND p.xmin <> pg_current_xact_id()::xid
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
        ORDER BY p.oid DESC
    LOOP
        EXECUTE stale.command;
    END LOOP;
END
$$;

DELETE FROM app.replaceable_sql;
