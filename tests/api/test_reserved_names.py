"""Names that would pass for the service are nobody's."""

import pytest

from tests.api.accounts import PASSWORD, REGISTER, fingerprint
from tests.api.conftest import Api

RENAME = """mutation ($username: String!) { changeUsername(input: {username: $username}) {
  viewer { username } userErrors { code field message } } }"""
ERROR = {
    "code": "BAD_USER_INPUT",
    "field": ["input", "username"],
    "message": "This user name is reserved. Choose another.",
}


@pytest.mark.parametrize(
    "username",
    [
        "admin", "Administrator", "support", "VRSS", "root", "system", "moderator", "staff", "help", "api", "security",
        "abuse", "postmaster", "deleted_1", "Deleted_somebody", "_deleted_1", "__deleted_7", "d_e_l_e_t_e_d_1",
        "DELETED", "deletedscenes", "_admin_", "vrss_support",
    ],
)  # fmt: skip
async def test_a_reserved_name_is_refused_and_nothing_changes(api: Api, username: str) -> None:
    ada = api.factory.user("ada")
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    joined = await api.run(REGISTER, username=username, email="new@example.org", password=PASSWORD)
    assert joined["register"]["userErrors"] == [{"__typename": "InvalidInputError", **ERROR}]
    renamed = await api.run(RENAME, viewer=ada, username=username)
    assert renamed == {"changeUsername": {"viewer": None, "userErrors": [ERROR]}}
    assert fingerprint(api) == before


@pytest.mark.parametrize("username", ["admina", "helper", "rooted", "undeleted_1", "supporter_1"])
async def test_a_name_that_only_begins_alike_is_free(api: Api, username: str) -> None:
    ada = api.factory.user("ada")
    assert (await api.run(RENAME, viewer=ada, username=username))["changeUsername"]["userErrors"] == []
