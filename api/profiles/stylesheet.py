"""A profile's look as a stylesheet of custom properties, made from typed values alone: nobody's text is in it."""

from collections.abc import Iterator, Mapping

from db.documents.background import BackgroundConfig, BackgroundType
from db.documents.layout import LayoutConfig, LayoutSpacing, LayoutWidth
from db.documents.style import FontFamily, StyleConfig
from db.queries.profiles import ProfileDocumentsRow

CSS = "text/css; charset=utf-8"

_FONTS: Mapping[FontFamily, str] = {
    FontFamily.SYSTEM: "system-ui, sans-serif",
    FontFamily.SANS: "Helvetica, Arial, sans-serif",
    FontFamily.SERIF: "Georgia, Cambria, serif",
    FontFamily.MONO: "ui-monospace, Consolas, monospace",
    FontFamily.ROUNDED: "ui-rounded, Nunito, sans-serif",
    FontFamily.DISPLAY: "Impact, Haettenschweiler, sans-serif",
    FontFamily.HANDWRITING: "'Segoe Script', 'Bradley Hand', cursive",
}
_WIDTHS: Mapping[LayoutWidth, str] = {
    LayoutWidth.NARROW: "40rem",
    LayoutWidth.MEDIUM: "64rem",
    LayoutWidth.WIDE: "100%",
}
_SPACINGS: Mapping[LayoutSpacing, str] = {
    LayoutSpacing.COMPACT: "0.5rem",
    LayoutSpacing.COMFORTABLE: "1.5rem",
    LayoutSpacing.SPACIOUS: "3rem",
}


def stylesheet(row: ProfileDocumentsRow, base_url: str, picture: str | None = None) -> bytes:
    """The stylesheet of a profile. What is not set has its default, but for a background.

    `picture`: the signed address of the file behind the profile, if it is one.
    """
    properties = "".join(f"  --profile-{name}: {value};\n" for name, value in _properties(row, base_url, picture))
    return f":root {{\n{properties}}}\n".encode()


def _properties(row: ProfileDocumentsRow, base_url: str, picture: str | None) -> Iterator[tuple[str, str]]:
    style = StyleConfig.model_validate(row.style_config or {})
    layout = LayoutConfig.model_validate(row.layout_config or {})
    yield "font-heading", _FONTS[style.fonts.heading]
    yield "font-body", _FONTS[style.fonts.body]
    for name in ("text", "background", "accent", "link"):
        yield f"color-{name}", getattr(style.colors, name)
    yield "size-text", f"{style.sizes.text}px"
    yield "size-heading", f"{style.sizes.heading}px"
    yield "radius", f"{style.sizes.radius}px"
    yield "columns", str(layout.columns)
    yield "width", _WIDTHS[layout.width]
    yield "spacing", _SPACINGS[layout.spacing]
    if row.background_config is not None:
        yield from _background(BackgroundConfig.model_validate(row.background_config), base_url, picture)


def _background(background: BackgroundConfig, base_url: str, picture: str | None) -> Iterator[tuple[str, str]]:
    """A colour, or the picture with its place. Of a video there is nothing that CSS could show."""
    match background.type:
        case BackgroundType.COLOR:
            yield "backdrop-color", background.value
        case BackgroundType.IMAGE:
            found = background.value or picture
            if found is None:  # the file has been deleted
                return
            address = f"{base_url}{found}" if found.startswith("/") else found
            # What ends a string or a url() is in no address that a document takes (db/documents/urls.py), nor in one
            # that is signed.
            yield "backdrop-image", f'url("{address}")'
            yield "backdrop-position", background.position.value
        case BackgroundType.VIDEO:
            pass
