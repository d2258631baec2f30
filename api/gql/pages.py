"""Addresses on the web site, which is not ours: where the pages of objects are that others may link to."""

from api.gql.ids import encode


def post_page(site: str | None, post_id: int) -> str | None:
    """The address of a post's page, if the operator has named a site (VRSS_APP_URL)."""
    return None if site is None else f"{site}/posts/{encode('Post', post_id)}"
