DROP TABLE app.feed_opt_outs;
