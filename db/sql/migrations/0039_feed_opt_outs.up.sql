-- Who wants to be in no feed of people who do not follow them. A table of its own is an index of these few: each post
-- that a feed looks at asks for its author, and the settings of everybody would be read for it.
CREATE TABLE app.feed_opt_outs (
    user_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feed_opt_outs_pkey PRIMARY KEY (user_id),
    CONSTRAINT feed_opt_outs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
