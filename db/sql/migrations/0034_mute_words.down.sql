DROP TABLE app.mute_words;
