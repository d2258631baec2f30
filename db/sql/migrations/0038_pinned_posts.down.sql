DROP TABLE app.feed_pins;
