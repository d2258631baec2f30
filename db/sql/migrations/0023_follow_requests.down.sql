DROP TABLE app.follow_requests;
