-- Requests to follow somebody who approves their followers. A request is deleted when it is answered or taken back.
CREATE TABLE app.follow_requests (
    id bigint GENERATED ALWAYS AS IDENTITY,
    requester_id bigint NOT NULL,
    target_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT follow_requests_pkey PRIMARY KEY (id),
    CONSTRAINT follow_requests_pair_key UNIQUE (requester_id, target_id),
    CONSTRAINT follow_requests_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT follow_requests_target_id_fkey FOREIGN KEY (target_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT follow_requests_not_self CHECK (requester_id <> target_id)
);

CREATE INDEX idx_follow_requests_target_created ON app.follow_requests (target_id, created_at DESC, id DESC);
CREATE INDEX idx_follow_requests_requester_created ON app.follow_requests (requester_id, created_at DESC, id DESC);
