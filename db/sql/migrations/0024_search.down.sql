-- The extensions stay: an operator may have had them before, and use them elsewhere.
DROP TABLE app.trending_tags;
DROP TABLE app.trending_posts;
DROP TABLE app.user_search;
DROP TABLE app.post_search;
