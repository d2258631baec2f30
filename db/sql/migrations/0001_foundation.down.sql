DROP TABLE app.replaceable_sql;
DROP TABLE app.audit_log;
DROP TABLE app.verification_tokens;
DROP TABLE app.sessions;
DROP TABLE app.user_settings;
DROP TABLE storage_usage;
DROP TABLE subscription_tiers;
DROP TABLE user_profiles;
DROP TABLE users;

DROP TYPE app.message_audience;
DROP TYPE visibility;
DROP TYPE user_status;
