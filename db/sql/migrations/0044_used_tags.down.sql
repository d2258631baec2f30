DROP TABLE app.used_tags;
