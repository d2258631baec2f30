"""Inputs about drafts and versions of profiles."""

import strawberry

from api.inputs.ownership import Owned


@strawberry.input(description="The input of `publishProfileDraft`.")
class PublishProfileDraftInput:
    overwrite: bool = strawberry.field(
        default=False,
        description="Publishes even when the published profile has changed since the draft was begun.",
    )


@strawberry.input(description="The input of `restoreProfileVersion`.")
class RestoreProfileVersionInput:
    version_id: strawberry.ID = strawberry.field(
        description="The earlier version. Must be the viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )
