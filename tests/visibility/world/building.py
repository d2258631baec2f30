"""One world with every state in it that visibility tells apart. Each text of it is a word of its own: a canary.

Six people whom others look at (open, close, shut, shy, out, gone) have everything that people can have, in every
state. Six others stand to all of them in one way each (stranger, follower, friend, blocked, blocker, muter). Whoever is
blocked is a friend as well, as if a block had severed nothing: what a block hides, nothing but the block hides.
"""

import psycopg

from tests.visibility.world.cast import AUTHORS, VIEWERS, World
from tests.visibility.world.people import follow_requests, person_of, relations, sessions
from tests.visibility.world.posts import comments_on, markers, pins, posts_of, reactions
from tests.visibility.world.profiles import features
from tests.visibility.world.talks import conversations_of, notifications


def build(connection: psycopg.Connection) -> None:
    world = World(connection)
    with connection.transaction():
        for name in (*AUTHORS, *VIEWERS):
            person_of(world, name)
        relations(world)
        follow_requests(world)
        posts = {person: posts_of(world, name, person) for name, person in world.people.items()}
        comments = [comments_on(world, post) for person in world.authors for post in posts[person]]
        every = [post for found in posts.values() for post in found]
        reactions(world, every, [one for found in comments for one in found])
        for person in world.people.values():
            features(world, person)
            sessions(world, person)
        markers(world, every)
        pins(world, every)
        talks = conversations_of(world)
        for person in world.people.values():
            notifications(world, person, posts, comments, talks)
    # As if the job had looked at nobody's visibility.
    connection.execute("INSERT INTO app.trending_posts (hours, post_id, score) SELECT 24, id, id FROM public.posts")
    connection.execute("ANALYZE")
