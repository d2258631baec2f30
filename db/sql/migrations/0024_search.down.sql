DROP TABLE app.trending_tags;
DROP TABLE app.trending_posts;
DROP TABLE app.user_search;
DROP TABLE app.post_search;
DROP EXTENSION btree_gin;
DROP EXTENSION pg_trgm;
