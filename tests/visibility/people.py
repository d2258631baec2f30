"""What lists of people hold for a viewer, in their order."""

from collections import Counter
from collections.abc import Iterable

from tests.visibility.objects import ObjectSight
from tests.visibility.rows import Row, Thing, newest


class PeopleSight(ObjectSight):
    """What people one viewer finds, and by which requests and lists."""

    def followers(self, owner: int) -> list[Thing]:
        return self._people(self.rows.where("user_follows", following_id=owner), "follower_id", owner)

    def following(self, owner: int) -> list[Thing]:
        return self._people(self.rows.where("user_follows", follower_id=owner), "following_id", owner)

    def friends(self, owner: int) -> list[Thing]:
        return self._friends(owner) if self.circles(owner) else []

    def _friends(self, person: int | None) -> list[Thing]:
        found = [
            {**row, "other": row["user_id_1"] + row["user_id_2"] - person}
            for row in self.rows["friendships"]
            if person in {row["user_id_1"], row["user_id_2"]}
        ]
        return self.users(newest(found, "other"), "other")

    def _people(self, rows: Iterable[Row], column: str, owner: int) -> list[Thing]:
        return self.users(newest(rows, column), column) if self.circles(owner) else []

    def users(self, rows: Iterable[Row], column: str) -> list[Thing]:
        return [("User", row[column]) for row in rows if self.user(row[column])]

    def _known_by(self, person: int | None) -> set[int]:
        pairs = [{row["user_id_1"], row["user_id_2"]} for row in self.rows["friendships"]]
        return {other for pair in pairs if person in pair for other in pair - {person}}

    def follow_requests(self, side: str) -> list[Thing]:
        """Those that the viewer has received (target_id) or made (requester_id)."""
        found = newest(self.rows.where("follow_requests", **{side: self.viewer}))
        return [("FollowRequest", row["id"]) for row in found if self.follow_request(row["id"])]

    def request_between(self, requester: int | None, target: int | None) -> Thing | None:
        found = self.rows.where("follow_requests", requester_id=requester, target_id=target)
        return ("FollowRequest", found[0]["id"]) if found else None

    def known_followers(self, owner: int) -> list[Thing]:
        followers = set(self.followers(owner))
        own = newest(self.rows.where("user_follows", follower_id=self.viewer), "following_id")
        return [thing for thing in self.users(own, "following_id") if thing in followers]

    def mutual_friends(self, owner: int) -> list[Thing]:
        friends = set(self.friends(owner))
        return [thing for thing in self._friends(self.viewer) if thing in friends]

    def friend_requests(self) -> list[Thing]:
        found = newest(self.rows.where("user_follows", following_id=self.viewer), "follower_id")
        waiting = [row for row in found if (self.viewer, row["follower_id"]) not in self.rows.follows]
        return self.users(waiting, "follower_id")

    def suggestions(self) -> list[Thing]:
        """Whom those whom the viewer follows follow, if they say so; nobody whom the viewer has decided about."""
        followed = {other for one, other in self.rows.follows if one == self.viewer}
        asked = {row["target_id"] for row in self.rows.where("follow_requests", requester_id=self.viewer)}
        muted = {other for one, other in self.rows.mutes if one == self.viewer}
        shared = Counter(other for one, other in self.rows.follows if one in followed and self.circles(one))
        found = shared.keys() - followed - asked - muted - {self.viewer}
        open_ = [key for key in found if self.user(key) and self.rows.profiles[key]["visibility"] != "private"]
        return [("User", key) for key in sorted(open_, key=lambda key: (shared[key], key), reverse=True)]

    def lists_with(self, person: int) -> list[Thing]:
        """The viewer's lists that a person is on."""
        on = {row["list_id"] for row in self.rows.where("list_members", user_id=person)}
        own = newest(self.rows.where("user_lists", user_id=self.viewer))
        return [("UserList", row["id"]) for row in own if row["id"] in on]

    def lists(self, owner: int) -> list[Thing]:
        found = newest(self.rows.where("user_lists", user_id=owner))
        return [("UserList", row["id"]) for row in found if self.user_list(row["id"])]

    def members(self, key: int) -> list[Thing]:
        return self.users(newest(self.rows.where("list_members", list_id=key), "user_id"), "user_id")

    def muted(self) -> list[Thing]:
        return self.users(newest(self.rows.where("user_mutes", muter_id=self.viewer), "muted_id"), "muted_id")
