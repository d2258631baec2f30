DROP TABLE app.user_counts;
