"""What the demo data promises to hold, recounted."""

from collections import Counter

import psycopg
import pytest

from tests.seed.rows import one, pairs

POPULAR = {"ada", "ben", "cleo", "dan", "mira"}
NEW = {"hana", "piotr", "lou"}


def test_twenty_people_and_an_audience_that_says_so(seeded_database: str) -> None:
    marked = b"SELECT count(*) FROM users AS u JOIN user_profiles AS p ON p.user_id = u.id WHERE "
    assert one(seeded_database, marked + b"username NOT LIKE 'audience\\_%'") == 20
    assert one(seeded_database, marked + b"username LIKE 'audience\\_%' AND bio LIKE '%demo account%'") == 95
    suspended = b"SELECT count(*) FROM users WHERE status = 'suspended' AND username NOT LIKE 'audience\\_%'"
    assert one(seeded_database, suspended) == 2
    assert one(seeded_database, b"SELECT count(*) FROM users WHERE status <> 'active'") == 2


def test_posts_of_each_person_and_of_each_type(seeded_database: str) -> None:
    written = pairs(
        seeded_database,
        b"SELECT u.username, count(p.id) FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id "
        b"WHERE username NOT LIKE 'audience%' GROUP BY u.username",
    )
    assert {name for name, count in written.items() if 20 <= count <= 30} == POPULAR
    assert all(written[name] <= 3 for name in NEW)
    assert all(5 <= count <= 15 for name, count in written.items() if name not in POPULAR | NEW)
    assert sum(written[name] for name in POPULAR) >= 0.6 * sum(written.values())
    types = pairs(seeded_database, b"SELECT type::text, count(*) FROM posts WHERE status = 'published' GROUP BY type")
    assert types == {
        "text_short": 40,
        "text_long": 40,
        "image": 40,
        "image_gallery": 20,
        "video_short": 30,
        "video_long": 10,
        "song": 10,
        "album": 10,
        "gif": 2,
    }


def test_followers_follow_a_power_law(seeded_database: str) -> None:
    followers = pairs(
        seeded_database,
        b"SELECT u.username, count(f.follower_id) FROM users AS u "
        b"LEFT JOIN user_follows AS f ON f.following_id = u.id "
        b"WHERE username NOT LIKE 'audience%' GROUP BY u.username",
    )
    assert {name for name, count in followers.items() if 50 <= count <= 100} == POPULAR
    assert all(followers[name] <= 2 for name in NEW)
    assert all(5 <= count <= 20 for name, count in followers.items() if name not in POPULAR | NEW)
    # The cast has the ids from 1 to 20.
    among_people = b"SELECT count(*) FROM user_follows WHERE follower_id <= 20 AND following_id <= 20"
    assert one(seeded_database, among_people) >= 50


def test_friendships_are_the_mutual_follows(seeded_database: str) -> None:
    with psycopg.connect(seeded_database) as connection:
        friends = connection.execute("SELECT user_id_1, user_id_2, created_at FROM friendships").fetchall()
        mutual = connection.execute(
            "SELECT a.follower_id, a.following_id, greatest(a.created_at, b.created_at) FROM user_follows AS a "
            "JOIN user_follows AS b ON a.follower_id = b.following_id AND a.following_id = b.follower_id "
            "WHERE a.follower_id < a.following_id"
        ).fetchall()
    assert sorted(friends) == sorted(mutual)
    assert len(friends) >= 10
    assert {(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)} <= {pair[:2] for pair in friends}  # ada, ben, cleo, dan


def test_reactions_are_many(seeded_database: str) -> None:
    reactions = pairs(seeded_database, b"SELECT type::text, count(*) FROM post_interactions GROUP BY type")
    assert reactions["like"] >= 200
    assert set(reactions) == {"like", "bookmark", "share"}
    assert one(seeded_database, b"SELECT count(*) FROM comments") >= 100
    assert one(seeded_database, b"SELECT count(*) FROM comments WHERE parent_comment_id IS NOT NULL") >= 30
    assert one(seeded_database, b"SELECT count(*) FROM reposts") >= 20


def test_feeds_sections_and_conversations(seeded_database: str) -> None:
    with psycopg.connect(seeded_database) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM custom_feeds")}
        sections = Counter(type_ for (type_,) in connection.execute("SELECT type::text FROM profile_sections"))
    assert len(names) == 10
    assert {"Only Videos", "Popular This Week", "Friends Only", "Text Posts"} <= names
    assert sections.total() >= 15
    assert len(sections) == 11
    kinds = pairs(seeded_database, b"SELECT kind, count(*) FROM conversations GROUP BY kind")
    assert sum(kinds.values()) == 10
    assert set(kinds) == {"direct", "group"}
    assert one(seeded_database, b"SELECT count(*) FROM messages") >= 50


@pytest.mark.parametrize("megabyte", [10**6, 2**20])
def test_storage_by_person(seeded_database: str, megabyte: int) -> None:
    stored = pairs(
        seeded_database,
        b"SELECT username, used_bytes FROM storage_usage JOIN users ON id = user_id "
        b"WHERE username NOT LIKE 'audience%'",
    )
    assert {name for name, used in stored.items() if 44 <= used / megabyte <= 47} == {"ada", "cleo"}
    assert sum(10 <= used / megabyte <= 20 for used in stored.values()) == 10
    assert sum(used / megabyte < 5 for used in stored.values()) == 8
    quotas = b"SELECT count(*) FROM storage_usage WHERE user_id IN (1, 3) AND quota_bytes = 52428800"
    assert one(seeded_database, quotas) == 2


def test_ada_has_something_to_come_back_for(seeded_database: str) -> None:
    home = (
        b"FROM app.visible_posts(1) AS p "
        b"WHERE p.user_id IN (SELECT following_id FROM user_follows WHERE follower_id = 1)"
    )
    first = b"FROM (SELECT p.* " + home + b" ORDER BY created_at DESC, id DESC LIMIT 20) AS p"
    assert one(seeded_database, b"SELECT count(*) " + home) > 100
    assert one(seeded_database, b"SELECT count(*) " + first + b" WHERE comments_count > 0") >= 15
    liked = b"SELECT count(*) " + first + b" JOIN post_interactions AS i ON i.post_id = p.id AND i.user_id = 1"
    assert one(seeded_database, liked + b" AND i.type = 'like'") >= 3
    galleries = b"SELECT count(*) " + first + b" WHERE jsonb_array_length(media_urls) > 1"
    assert one(seeded_database, galleries) >= 2
    replied = b" WHERE EXISTS (SELECT FROM comments AS c WHERE c.post_id = p.id AND c.replies_count > 0)"
    assert one(seeded_database, b"SELECT count(*) " + first + replied) >= 5
    assert one(seeded_database, b"SELECT count(*) FROM notifications WHERE user_id = 1 AND NOT is_read") >= 5
    unread = (
        b"SELECT count(*) FROM messages AS m JOIN app.conversation_members AS r "
        b"ON r.conversation_id = m.conversation_id AND r.user_id = 1 "
        b"WHERE m.id > r.last_read_message_id AND m.sender_id <> 1"
    )
    assert one(seeded_database, unread) == 5
    assert one(seeded_database, b"SELECT count(*) FROM custom_feeds WHERE user_id = 1") >= 3
    drafts = pairs(seeded_database, b"SELECT status::text, count(*) FROM posts WHERE user_id = 1 GROUP BY status")
    assert drafts == {"published": 24, "draft": 2, "scheduled": 1}
