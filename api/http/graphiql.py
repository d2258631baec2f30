"""GraphiQL for browsers: one page and the files of its bundle, with nothing fetched from elsewhere."""

from collections.abc import Sequence
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Styles are the one exception to 'self': the editor writes its own into the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # asked again each time, and answered 304 as long as the build is the same
}
NOT_BUILT = """<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>VRSS · GraphQL</title>
  <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }</style>
  <h1>GraphiQL is missing</h1>
  <p>This is the GraphQL endpoint, and it works. Its explorer for browsers is built from npm packages,
  and has not been built here: install Node.js 20 or newer with npm, then start again with <code>make run</code>.</p>
  <p>Any GraphQL client can be used meanwhile. It sends POST requests to this address:</p>
  <pre>{"query": "{ __typename }"}</pre>
</html>
"""


# Where the page reads for whom it shows a button to sign in with one click.
DEMO_PEOPLE = '<meta name="demo-people" content="{}">'


def page(bundle: Path, demo_people: Sequence[str] = ()) -> Response:
    """The page as it can be shown right now: a bundle that is built later appears without a restart."""
    index = bundle / "index.html"
    if not index.exists():
        return HTMLResponse(NOT_BUILT, headers=HEADERS)
    if not demo_people:
        return FileResponse(index, headers=HEADERS)
    text = index.read_text(encoding="utf-8")
    named = text.replace(DEMO_PEOPLE.format(""), DEMO_PEOPLE.format(" ".join(demo_people)))
    return HTMLResponse(named, headers=HEADERS)


class Assets(StaticFiles):
    """The files of the bundle, to be mounted at /graphql/assets."""

    def __init__(self, bundle: Path) -> None:
        super().__init__(directory=bundle / "assets", check_dir=False)
        self.config_checked = True  # a bundle that is not built is a 404, not a fault

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response
