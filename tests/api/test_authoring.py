"""Writing posts, and changing them: drafts, texts, mentions, languages and earlier versions."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import psycopg

from api.gql.ids import encode
from tests.api.authoring import codes, create, media_ids, nothing_written, update
from tests.api.conftest import Api
from tests.waiting import until_blocked_by

REVISIONS = """query ($id: ID!) { post(id: $id) {
  revisions(first: 2) { nodes { id content } pageInfo { hasNextPage } } } }"""


async def test_a_draft_may_lack_everything_and_is_seen_by_its_author_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    done = await create(api, ada, status="DRAFT")
    assert (done["post"]["status"], done["post"]["publishedAt"], done["postEdge"]) == ("DRAFT", None, None)
    assert (done["post"]["contentHtml"], done["post"]["content"]) == (None, None)
    assert (done["draftEdge"]["node"]["id"], done["user"]) == (done["post"]["id"], {"postsCount": 0})
    for viewer, is_seen in ((ada, True), (ben, False)):
        found = (await api.run("query ($id: ID!) { post(id: $id) { id } }", viewer=viewer, id=done["post"]["id"]))[
            "post"
        ]
        assert (found is not None) == is_seen


async def test_a_scheduled_post_needs_a_time_and_what_it_is_made_of(api: Api) -> None:
    ada = api.factory.user("ada")
    at = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    for given, field in (
        ({"content": "x"}, "scheduledFor"),
        ({"content": " ", "scheduledFor": at.isoformat()}, "content"),
        ({"content": "x", "scheduledFor": (at + timedelta(days=400)).isoformat()}, "scheduledFor"),
        ({"content": "x", "scheduledFor": at.isoformat(), "status": "PUBLISHED"}, "scheduledFor"),
    ):
        assert codes(await create(api, ada, **{"status": "SCHEDULED", **given})) == [("BAD_USER_INPUT", field)]
    assert nothing_written(api)
    done = await create(api, ada, status="SCHEDULED", content="x", scheduledFor=at.isoformat())
    assert done["post"]["scheduledFor"] == at.isoformat().replace("+00:00", "Z")
    assert (done["post"]["status"], done["postEdge"], done["draftEdge"]) == ("SCHEDULED", None, None)


async def test_people_who_may_be_seen_are_mentioned_and_notified_once(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=dan, blocked_id=ada)
    done = await create(api, ada, content="@Cleo @ben @dan @ada `@ben` ben@cleo.example @nobody", status="DRAFT")
    assert done["post"]["mentions"] == [{"username": "cleo"}, {"username": "ben"}, {"username": "ada"}]
    link = '<a href="/@{0}" rel="nofollow noopener ugc">@{1}</a>'
    assert done["post"]["contentHtml"] == (
        f"<p>{link.format('cleo', 'Cleo')} {link.format('ben', 'ben')} @dan {link.format('ada', 'ada')} "
        "<code>@ben</code> ben@cleo.example @nobody</p>\n"
    )
    told = "SELECT array_agg(user_id ORDER BY user_id) FROM notifications WHERE type = 'mention'"
    assert api.factory.scalar(told) is None
    publish = "mutation ($id: ID!) { publishPost(input: {postId: $id}) { post { id } } }"
    await api.run(publish, viewer=ada, id=done["post"]["id"])
    assert api.factory.scalar(told) == [ben, cleo]
    post = api.factory.scalar("SELECT max(id) FROM posts")
    changed = await update(api, ada, post, content="@ben and @cleo")
    assert changed["post"]["mentions"] == [{"username": "ben"}, {"username": "cleo"}]
    assert api.factory.scalar(told) == [ben, cleo]
    mentions = "query ($id: ID!) { post(id: $id) { mentions { username } } }"
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=cleo)
    found = (await api.run(mentions, viewer=cleo, id=done["post"]["id"]))["post"]
    assert found == {"mentions": [{"username": "cleo"}]}


async def test_code_and_links_hold_no_tags_and_no_mentions(api: Api) -> None:
    ada, *_ = api.factory.cast()
    text = "#jazz @ben `#code @cleo` [#linked @dan](http://x.example/#part)\n\n```\n#fenced @dan\n```"
    made = (await create(api, ada, content=text, tags=["Given"]))["post"]
    assert (made["tags"], made["mentions"]) == (["jazz", "given"], [{"username": "ben"}])
    assert re.findall('href="/([^"]*)"', made["contentHtml"]) == ["tags/jazz", "@ben"]
    assert api.factory.scalar("SELECT count(*) FROM notifications") == 1
    changed = (await update(api, ada, api.factory.scalar("SELECT max(id) FROM posts"), content="`#given` #new"))["post"]
    assert changed["tags"] == ["new", "given"]


async def test_tags_of_code_that_older_posts_have_go_when_others_are_given(api: Api) -> None:
    ada, *_ = api.factory.cast()
    post = api.factory.post(ada, "`#code` #jazz", tags=["code", "jazz"])
    assert (await update(api, ada, post, content="`#code` #blues"))["post"]["tags"] == ["blues", "code"]
    assert (await update(api, ada, post, tags=[]))["post"]["tags"] == ["blues"]


async def test_a_name_is_a_link_while_it_is_the_name_of_who_was_mentioned(api: Api) -> None:
    """Not once somebody else has it, nor for those who may not see its owner."""
    ada, ben, cleo, dan = api.factory.cast()
    post = (await create(api, ada, content="@Ben and @cleo"))["post"]["id"]
    text = "query ($id: ID!) { post(id: $id) { contentHtml } }"

    async def linked(viewer: int | None) -> list[str]:
        html = (await api.run(text, viewer=viewer, id=post))["post"]["contentHtml"]
        assert re.sub("<[^>]*>", "", html) == "@Ben and @cleo\n"
        return re.findall('href="([^"]*)"', html)

    assert await linked(dan) == ["/@ben", "/@cleo"]
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=dan)
    assert [await linked(viewer) for viewer in (dan, cleo, None)] == [["/@cleo"], *[["/@ben", "/@cleo"]] * 2]
    rename = "UPDATE users SET username = %s WHERE id = %s"
    api.factory.connection.execute(rename, ["benjamin", ben])
    api.factory.connection.execute(rename, ["ben", dan])
    assert await linked(cleo) == ["/@cleo"]
    api.factory.connection.execute(rename, ["dan", dan])
    api.factory.connection.execute(rename, ["BEN", ben])
    assert await linked(cleo) == ["/@BEN", "/@cleo"]
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    assert await linked(None) == ["/@cleo"]


async def test_notifications_of_mentions_quote_the_post_as_it_is_now(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    await create(api, ada, content="@ben @cleo @dan secret")
    await create(api, ada, content="@ben another")
    first, second = (api.factory.scalar(f"SELECT {which}(id) FROM posts") for which in ("min", "max"))
    api.factory.connection.execute("UPDATE notifications SET is_read = TRUE, read_at = now() WHERE user_id = %s", [dan])
    await update(api, ada, first, title="Unchanged", visibility="FOLLOWERS")
    quotes = b"SELECT post_id, user_id, content FROM notifications WHERE type = 'mention' ORDER BY post_id, user_id"
    other = (second, ben, "@ben another")
    assert api.factory.connection.execute(quotes).fetchall() == [
        *((first, user, "@ben @cleo @dan secret") for user in (ben, cleo, dan)),
        other,
    ]
    await update(api, ada, first, content="@ben better")
    renewed = [(first, ben, "@ben better"), (first, dan, None), other]
    assert api.factory.connection.execute(quotes).fetchall() == renewed
    await update(api, ada, first, content="@ben @cleo again", visibility="PUBLIC")
    renewed = [(first, ben, "@ben @cleo again"), (first, cleo, "@ben @cleo again"), (first, dan, None)]
    assert api.factory.connection.execute(quotes).fetchall() == [*renewed, other]


async def test_mentions_of_posts_for_others_notify_nobody_who_may_not_see_them(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    for visibility in ("PRIVATE", "FOLLOWERS"):
        await create(api, ada, content="@ben @cleo", visibility=visibility)
    told = "SELECT array_agg(user_id) FROM notifications WHERE type = 'mention'"
    assert api.factory.scalar(told) == [ben], "of the one for followers, and nobody of the private one"


async def test_mentions_and_texts_of_many_posts_are_a_statement_each(api: Api) -> None:
    ada = api.factory.user("ada")
    for _ in range(3):
        await create(api, ada, content="Hi @ada")
    query = '{ user(username: "ada") { posts { nodes { contentHtml mentions { username } } } } }'
    await api.run(query, viewer=ada)
    for name in ("mentions_by_post_ids", "texts_by_post_ids"):
        assert api.statements.count(name) == 1


async def test_a_language_is_stated_or_detected_or_not_known(api: Api) -> None:
    ada = api.factory.user("ada")
    german = "Heute regnet es wieder, und ich bleibe zu Hause."
    for given, expected in (
        ({"content": german}, ("de", True)),
        ({"content": german, "language": "pt-br"}, ("pt-BR", False)),
        ({"content": "ok"}, (None, False)),
        ({"content": "# " + german + " `the code is in another language`" * 9, "type": "TEXT_LONG"}, ("de", True)),
    ):
        post = (await create(api, ada, **given))["post"]
        assert (post["language"], post["isLanguageDetected"]) == expected
    assert codes(await create(api, ada, content="x", language="no language")) == [("BAD_USER_INPUT", "language")]
    post = api.factory.scalar("SELECT min(id) FROM posts")
    for given, expected in (
        ({"language": "nl"}, ("nl", False)),
        ({"content": "Today it rains again, and I stay at home."}, ("nl", False)),
        ({"language": None}, ("en", True)),
        ({"content": german}, ("de", True)),
    ):
        changed = (await update(api, ada, post, **given))["post"]
        assert (changed["language"], changed["isLanguageDetected"]) == expected


async def test_an_edit_after_publishing_keeps_the_version_before_it(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    picture, other = api.factory.media(ada), api.factory.media(ada)
    id_ = (await create(api, ada, type="IMAGE", content="One #a", title="T", mediaIds=media_ids(picture)))["post"]["id"]
    post = api.factory.scalar("SELECT max(id) FROM posts")
    first = (await update(api, ada, post, content="Two #b", tags=["c"]))["post"]
    second = (await update(api, ada, post, mediaIds=media_ids(other), title=None))["post"]
    assert (second["title"], second["content"], second["tags"]) == (None, "Two #b", ["b", "c"])
    assert second["media"] == [{"id": encode("Media", other)}]
    versions = second["revisions"]["nodes"]
    assert [(one["title"], one["content"], one["tags"]) for one in versions] == [
        ("T", "Two #b", ["b", "c"]),
        ("T", "One #a", ["a"]),
    ]
    assert [one["media"] for one in versions] == [[{"id": encode("Media", picture)}]] * 2
    assert (versions[1]["replacedAt"], versions[0]["replacedAt"]) == (first["editedAt"], second["editedAt"])
    same = (await update(api, ada, post, content="Two #b", visibility="PUBLIC", mediaIds=media_ids(other)))["post"]
    assert same == second
    assert (await api.run(REVISIONS, viewer=ben, id=id_))["post"] == {"revisions": None}
    assert (await api.run(REVISIONS, id=id_))["post"] == {"revisions": None}
    mine = (await api.run(REVISIONS, viewer=ada, id=id_))["post"]["revisions"]["nodes"]
    node = "query ($id: ID!) { node(id: $id) { ... on PostRevision { content } } }"
    assert (await api.run(node, viewer=ada, id=mine[0]["id"]))["node"] == {"content": "Two #b"}
    assert (await api.run(node, viewer=ben, id=mine[0]["id"]))["node"] is None
    assert api.factory.scalar("SELECT post_id FROM post_media WHERE id = %s", picture) is None


async def test_a_change_of_a_draft_or_of_the_audience_is_no_edit(api: Api) -> None:
    ada = api.factory.user("ada")
    draft, post = api.factory.post(ada, status="draft"), api.factory.post(ada)
    changed = await update(api, ada, draft, content=None, type="IMAGE")
    assert (changed["post"]["type"], changed["post"]["content"], changed["post"]["editedAt"]) == ("IMAGE", None, None)
    assert changed["draftEdge"] is not None
    hidden = await update(api, ada, post, visibility="PRIVATE")
    assert (hidden["post"]["visibility"], hidden["post"]["editedAt"]) == ("PRIVATE", None)
    assert api.factory.scalar("SELECT count(*) FROM app.post_revisions") == 0


async def test_a_post_keeps_its_fifty_latest_versions(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada, content="0")
    api.factory.connection.execute(
        "INSERT INTO app.post_revisions (post_id, content, tags, media_ids, replaced_at)"
        " SELECT %s, n::text, '{}', '{}', now() - n * interval '1 hour' FROM generate_series(50, 1, -1) AS n",
        [post],
    )
    await update(api, ada, post, content="new")
    kept = "SELECT array_agg(content ORDER BY replaced_at DESC) FROM app.post_revisions"
    assert api.factory.scalar(kept) == [str(number) for number in range(50)]


async def test_versions_are_in_the_order_of_edits_that_wait_for_each_other(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada, content="two")
    with psycopg.connect(api.factory.connection.info.dsn) as other:
        other.execute("SELECT FROM posts FOR UPDATE")
        edit = asyncio.create_task(update(api, ada, post, content="three"))
        await asyncio.to_thread(until_blocked_by, other)
        other.execute(
            "INSERT INTO app.post_revisions (post_id, content, tags, media_ids, replaced_at)"
            " VALUES (%s, 'one', '{}', '{}', clock_timestamp())",
            [post],
        )
        other.commit()
        changed = (await edit)["post"]
    versions = changed["revisions"]["nodes"]
    assert [one["content"] for one in versions] == ["two", "one"]
    assert versions[0]["replacedAt"] == changed["editedAt"]


async def test_a_change_that_is_refused_changes_nothing(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post, deleted = api.factory.post(ada), api.factory.post(ada)
    api.factory.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [deleted])
    everything = "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM posts AS t"
    before = api.factory.scalar(everything)
    bens = media_ids(api.factory.media(ben))
    for key, given, code, field in (
        (post, {"content": None}, "BAD_USER_INPUT", "content"),
        (post, {"content": " "}, "BAD_USER_INPUT", "content"),
        (post, {"content": "x" * 501}, "BAD_USER_INPUT", "content"),
        (post, {"title": " "}, "BAD_USER_INPUT", "title"),
        (post, {"tags": ["a b"]}, "BAD_USER_INPUT", "tags.0"),
        (post, {"language": "x"}, "BAD_USER_INPUT", "language"),
        (post, {"type": "TEXT_LONG"}, "CONFLICT", "type"),
        (post, {"mediaIds": bens}, "NOT_FOUND", "mediaIds.0"),
        (post, {"mediaIds": media_ids(api.factory.media(ada))}, "BAD_USER_INPUT", "mediaIds"),
        (deleted, {"content": "new"}, "CONFLICT", "postId"),
        (10**12, {"content": "new"}, "NOT_FOUND", "postId"),
    ):
        assert codes(await update(api, ada, key, **given)) == [(code, field)], given
    assert codes(await update(api, ben, post, content="new")) == [("NOT_FOUND", "postId")]
    assert api.factory.scalar(everything) == before
    assert api.factory.scalar("SELECT count(post_id) FROM post_media") == 0


async def test_a_post_older_than_its_html_is_rendered_when_it_is_read(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada, content="**Old** <b>")
    query = "query ($id: ID!) { post(id: $id) { contentHtml } }"
    found = (await api.run(query, viewer=ada, id=encode("Post", post)))["post"]
    assert found == {"contentHtml": "<p><strong>Old</strong> &lt;b&gt;</p>\n"}
