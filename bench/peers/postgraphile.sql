-- What PostGraphile is given beside the tables: the viewer's pages and what they show, as functions that it finds.
-- STATEMENT_… is the text of our statement of that name.
CREATE FUNCTION app.viewer() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('vrss.viewer', TRUE)::bigint;

CREATE FUNCTION public.viewer() RETURNS public.users
LANGUAGE sql STABLE AS $$
SELECT u.* FROM public.users AS u WHERE u.id = app.viewer()
$$;

CREATE FUNCTION public.home_feed() RETURNS SETOF public.posts
LANGUAGE sql STABLE AS $$
SELECT p.*
FROM (STATEMENT_home_feed) AS page
INNER JOIN public.posts AS p ON page.id = p.id
ORDER BY p.created_at DESC, p.id DESC
$$;

CREATE FUNCTION public.posts_viewer_has_liked(post public.posts) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT EXISTS (
    SELECT FROM public.post_interactions AS i
    WHERE i.post_id = post.id AND i.user_id = app.viewer() AND i.type = 'like'
)
$$;

CREATE FUNCTION public.posts_open_comments(post public.posts) RETURNS SETOF public.comments
LANGUAGE sql STABLE AS $$
SELECT c.*
FROM app.open_comments(app.viewer()) AS c
WHERE c.post_id = post.id AND c.parent_comment_id IS NULL
ORDER BY c.created_at DESC, c.id DESC
$$;

CREATE FUNCTION public.visible_user(username text) RETURNS public.users
LANGUAGE sql STABLE AS $$
SELECT u.* FROM app.visible_users(app.viewer()) AS u WHERE lower(u.username) = lower(visible_user.username)
$$;

CREATE FUNCTION public.users_viewer_follows(person public.users) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT EXISTS (
    SELECT FROM public.user_follows AS f WHERE f.follower_id = app.viewer() AND f.following_id = person.id
)
$$;

CREATE FUNCTION public.users_visible_posts(person public.users) RETURNS SETOF public.posts
LANGUAGE sql STABLE AS $$
SELECT p.*
FROM app.visible_posts(app.viewer()) AS p
WHERE p.user_id = person.id
ORDER BY p.created_at DESC, p.id DESC
$$;

CREATE FUNCTION public.users_visible_followers(person public.users) RETURNS SETOF public.users
LANGUAGE sql STABLE AS $$
SELECT u.*
FROM app.visible_users(app.viewer()) AS u
INNER JOIN public.user_follows AS f ON u.id = f.follower_id
WHERE
    f.following_id = person.id
    AND (
        person.id = app.viewer()
        OR NOT EXISTS (SELECT FROM app.user_settings AS s WHERE s.user_id = person.id AND NOT s.show_followers)
    )
ORDER BY f.created_at DESC, f.follower_id DESC
$$;

CREATE FUNCTION public.like_post(post_id bigint) RETURNS public.posts
LANGUAGE sql AS $$
STATEMENT_like_post;
STATEMENT_notify_like;
SELECT p.* FROM app.visible_posts(app.viewer()) AS p WHERE p.id = like_post.post_id
$$;

CREATE FUNCTION public.unlike_post(post_id bigint) RETURNS public.posts
LANGUAGE sql AS $$
STATEMENT_unlike_post;
SELECT p.* FROM app.visible_posts(app.viewer()) AS p WHERE p.id = unlike_post.post_id
$$;
