DROP TABLE app.feed_markers;
